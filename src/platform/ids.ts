import { hash, randomBytes } from 'node:crypto';

/** A new id (UUID version 7, RFC 9562): sorted by time, so that indexes grow at their end. */
export function newId(at: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at, 0, 6);
  return asUuid(bytes, 7);
}

/**
 * The id that a name of the outside always has (UUID version 8 over SHA-256, RFC 9562): an import that
 * runs twice makes the same ids. `namespace` says whose name it is, e.g. `online-retail:order`. Ids of things that
 * come by the hundred thousand are sorted by their time, `at`, as new ids are: scattered ones take an index's every
 * page for each batch.
 */
export function idOf(namespace: string, name: string, at?: number): string {
  const bytes = hash('sha256', `${namespace}\0${name}`, 'buffer').subarray(0, 16);
  if (at !== undefined) bytes.writeUIntBE(Math.max(at, 0), 0, 6);
  return asUuid(bytes, 8);
}

function asUuid(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
