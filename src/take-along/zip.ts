import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { openPromise, type Entry } from 'yauzl';
import { ZipFile } from 'yazl';

/** A zip file that is written file after file, none of which need fit into memory. */
export function writeZip(path: string) {
  const zip = new ZipFile();
  // As streams both are what Node's pipeline takes, whatever the types say.
  const written = pipeline(zip.outputStream as Readable, createWriteStream(path));
  written.catch(() => {}); // told to whoever puts the next file, or ends it
  return {
    /** Resolves when the file is in. */
    async put(name: string, content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>) {
      const stream = Readable.from(content, { objectMode: false });
      zip.addReadStream(stream, name, { compress: !name.startsWith('pictures/') });
      await Promise.race([finished(stream, { writable: false }), written]);
    },
    async end(): Promise<void> {
      zip.end();
      await written;
    },
    /** Gives it up half-way. */
    async drop(): Promise<void> {
      (zip.outputStream as Readable).destroy();
      await written.catch(() => {});
    },
  };
}

/** Why a file is no archive that we read. */
export class ArchiveRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = 'ArchiveRefused';
    this.reason = reason;
  }
}

const FILES_MAX = 50_000;
const BYTES_MAX = 8 * 1024 ** 3;
const SYMLINK = 0o120000;
const FORMAT = 0o170000;

export interface ZipReader {
  has(name: string): boolean;
  /** A file's bytes; refused when it is larger, or says of itself that it is smaller than it is. */
  read(name: string, bytesMax: number): Promise<Buffer>;
  close(): void;
}

/**
 * Opens a zip file that a member brought. Nothing is unpacked to disk: files are read by names that we know. Names that
 * lead elsewhere, links, encrypted files, too many of them and sizes that no archive has are refused before any is read.
 */
export async function readZip(path: string, marker: string): Promise<ZipReader> {
  const entries = new Map<string, Entry>();
  const zip = await refusing(() => openPromise(path, { autoClose: false, validateEntrySizes: true }));
  try {
    await refusing(async () => {
      let bytes = 0;
      for await (const entry of zip.eachEntry()) {
        bytes += entry.uncompressedSize;
        if (entries.size >= FILES_MAX) throw new ArchiveRefused('too_many_files');
        if (bytes > BYTES_MAX) throw new ArchiveRefused('too_large');
        if (entry.isEncrypted()) throw new ArchiveRefused('encrypted');
        if (((entry.externalFileAttributes >>> 16) & FORMAT) === SYMLINK) throw new ArchiveRefused('links');
        entries.set(entry.fileName, entry);
      }
    });
    // Unpacked and packed again, everything often stands in one folder more.
    const root = [...entries.keys()]
      .filter((name) => name === marker || name.endsWith(`/${marker}`))
      .toSorted((a, b) => a.length - b.length)[0];
    if (root === undefined) throw new ArchiveRefused('no_archive');
    const prefix = root.slice(0, root.length - marker.length);
    return {
      has: (name) => entries.has(prefix + name),
      read: (name, bytesMax) =>
        refusing(async () => {
          const entry = entries.get(prefix + name);
          if (!entry) throw new ArchiveRefused('file_missing');
          if (entry.uncompressedSize > bytesMax) throw new ArchiveRefused('file_too_large');
          const parts: Buffer[] = [];
          for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
          return Buffer.concat(parts);
        }),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Whatever is wrong with the file is the file's fault; what is ours is thrown as it is. */
async function refusing<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArchiveRefused || isOurs(error)) throw error;
    throw new ArchiveRefused('broken');
  }
}

const isOurs = (error: unknown) =>
  error instanceof Error && 'code' in error && ['EIO', 'EMFILE', 'ENOMEM'].includes(String(error.code));
