import { hash, randomBytes } from 'node:crypto';

const NUMBER_MAX = 0xfff;
/** The last id that was made now, and the last of a time that was told: the millisecond and its number within it. */
const lastNow = { at: 0, number: 0 };
const lastTold = { at: 0, number: 0 };

/**
 * A new id (UUID version 7, RFC 9562 with the counter of its section 6.2): sorted by time, so that indexes grow at their
 * end, and those of one process in the order in which they were made: the events of a transaction are followed so.
 */
export function newId(at?: number): string {
  const last = at === undefined ? lastNow : lastTold;
  const bytes = randomBytes(16);
  const time = at ?? Math.max(Date.now(), last.at);
  // Thousands within a millisecond are of bulk work, which has no order.
  const isNext = time === last.at && last.number < NUMBER_MAX;
  last.number = isNext ? last.number + 1 : bytes.readUInt16BE(6) & (NUMBER_MAX >> 1);
  last.at = time;
  bytes.writeUIntBE(time, 0, 6);
  bytes.writeUInt16BE(last.number, 6);
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
