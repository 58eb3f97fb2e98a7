import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '#platform/config.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { refreshListings } from './listing.ts';
import { INCOMING } from './received-media.ts';
import { openStorage } from './storage.ts';
import type { Made, RenditionTask, Waiting } from './rendition-process.ts';

const BATCH = 200;

/**
 * Job. Of one picture when it is named, otherwise of those that have waited longest. One at a time: encoding
 * takes whole cores, and pages come first.
 */
export async function makeRenditions(deps: Deps, payload: unknown): Promise<void> {
  const named = mediaIdOf(payload);
  const { rows } = await sql<Waiting>`
    select id, sha256, files from catalog.media
    where state = 'pending' and (${named}::uuid is null or id = ${named}::uuid)
    order by created_at limit ${BATCH}`.execute(deps.db);
  if (rows.length === 0) return;
  using maker = renditionMaker(deps.config);
  for (const media of rows) await finish(deps, media, await maker.make(media));
}

/**
 * A process of its own, which ends when the pictures are made: encoding takes a hundred megabytes, and a server would
 * keep them. A Ctrl-C in the terminal does not reach it: the job that was begun is finished.
 */
function renditionMaker(config: Config) {
  const child = fork(join(import.meta.dirname, 'rendition-process.ts'), {
    execArgv: [],
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'close').then(() => {
    throw new Error('the process that makes renditions has ended');
  });
  ended.catch(() => {}); // told to whoever waits for a picture
  return {
    async make(media: Waiting): Promise<Made> {
      const made = once(child, 'message') as Promise<[Made]>;
      child.send({ config, media } satisfies RenditionTask);
      const [answer] = await Promise.race([made, ended]);
      return answer;
    },
    [Symbol.dispose]: () => void (child.connected && child.disconnect()),
  };
}

function mediaIdOf(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('mediaId' in payload)) return null;
  return typeof payload.mediaId === 'string' ? payload.mediaId : null;
}

/**
 * The row names a file only once it exists, and the cards that show the picture follow. An upload is not needed any
 * more; of a picture that was dropped meanwhile nothing is.
 */
async function finish({ db, config }: Deps, waiting: Waiting, made: Made): Promise<void> {
  const { id, state, files, clean } = made;
  const isKept = await inTransaction(db, async (tx) => {
    const { rows: kept } = await sql`
      update catalog.media set state = ${state}, files = ${files}, mime_type = coalesce(${clean?.mimeType ?? null}, mime_type),
        width = coalesce(${clean?.width ?? null}::integer, width), height = coalesce(${clean?.height ?? null}::integer, height),
        byte_size = coalesce(${clean?.byteSize ?? null}::integer, byte_size), colour = coalesce(${clean?.colour ?? null}, colour),
        looks = coalesce(${clean?.looks ?? null}::bigint, looks)
      where id = ${id} returning id`.execute(tx);
    const { rows } = await sql<{ product_id: string }>`
      select product_id from catalog.product_media where media_id = ${id}`.execute(tx);
    await refreshListings(
      tx,
      rows.map((row) => row.product_id),
    );
    return kept.length > 0;
  });
  const storage = openStorage(config);
  const spent = [...waiting.files.filter((file) => file === INCOMING), ...(isKept ? [] : files)];
  for (const file of spent) await storage.remove(`${waiting.sha256}/${file}`);
}
