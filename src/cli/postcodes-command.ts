import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { StartFault } from '#platform/start-fault.ts';
import { postcodesIn } from '../imports/postcode-file.ts';
import { PLACES_MAX, type PostcodePlace, putPostcodePlaces } from '../modules/market/index.ts';
import { openProgress } from './progress.ts';
import { inSession, lineOf } from './session.ts';

/** As text: no country's file is larger. */
const BYTES_MAX = 400 * 1024 * 1024;
const [GZIP_FIRST, GZIP_SECOND] = [0x1f, 0x8b];

/** `stoa postcodes FILE`: where postcodes lie. Given again it goes on, since what is known already does not change. */
export async function postcodesCommand(file: string): Promise<void> {
  const places = placesIn(file, await bytesOf(file)); // what is refused needs no engines to say so
  await inSession('postcodes', async ({ deps }) => {
    const shown = openProgress('Writing', places.length, 'postcodes');
    let changed = 0;
    try {
      for (let from = 0; from < places.length; from += PLACES_MAX) {
        const some = places.slice(from, from + PLACES_MAX);
        changed += await inTransaction(deps.db, (tx) => putPostcodePlaces(tx, some));
        shown.update(from + some.length);
      }
    } finally {
      shown.stop();
    }
    const [all, news] = [places.length, changed].map((count) => count.toLocaleString('en'));
    process.stdout.write(`Postcodes in the file: ${all}; new or moved: ${news}.\n`);
  });
}

function placesIn(file: string, bytes: Buffer): PostcodePlace[] {
  try {
    return postcodesIn(file, bytes);
  } catch (error) {
    throw error instanceof AppError ? new StartFault(lineOf(error)) : error;
  }
}

async function bytesOf(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new StartFault(`${file}: there is no such file`);
  if (!found.isFile()) throw new StartFault(`${file}: it is no file`);
  if (found.size > BYTES_MAX) throw new StartFault(`${file}: it is larger than 400 MB`);
  const bytes = await readFile(file);
  if (bytes[0] !== GZIP_FIRST || bytes[1] !== GZIP_SECOND) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: BYTES_MAX });
  } catch (error) {
    throw new StartFault(`${file}: the gzip file is torn or too large (${(error as Error).message})`);
  }
}
