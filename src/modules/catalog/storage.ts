import { copyFile, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Config } from '#platform/config.ts';
import { hasCode } from '#platform/start-fault.ts';
import type { MediaStorage } from './media-storage.ts';
import { openBucket } from './storage-s3.ts';

/** The bucket when one is configured, otherwise the data folder. */
export function openStorage(config: Config): MediaStorage {
  let storage = opened.get(config);
  if (!storage) {
    storage = config.s3 ? openBucket(config.s3) : openFolder(join(config.dataDir, 'media'));
    opened.set(config, storage);
  }
  return storage;
}

// A client of a bucket keeps its connections: one for each configuration, not one for each picture.
const opened = new WeakMap<Config, MediaStorage>();

function openFolder(folder: string): MediaStorage {
  // Two letters first: no folder then holds more than some hundreds of others.
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);
  return {
    async put(key, bytes) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      // Written beside and renamed, so that nobody reads half a picture.
      const unfinished = `${path}.${randomUUID()}`;
      try {
        await writeFile(unfinished, bytes);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async putFile(key, from) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      const unfinished = `${path}.${randomUUID()}`;
      try {
        await copyFile(from, unfinished);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    async stream(key) {
      try {
        const file = await open(pathOf(key));
        return file.createReadStream();
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}
