import type { Readable } from 'node:stream';

/**
 * Where files are kept by their key, `<sha256>/<file>`. A key's content never changes, so putting it twice is
 * the same as once, and nobody needs to ask whether it is there already.
 */
export interface MediaStorage {
  put(key: string, bytes: Uint8Array, mimeType: string): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** A whole file of any size, from where it stands on this machine. */
  putFile(key: string, path: string, mimeType: string): Promise<void>;
  /** As a stream, for what does not fit into memory. */
  stream(key: string): Promise<Readable | undefined>;
  /** What is not there is gone already. */
  remove(key: string): Promise<void>;
}
