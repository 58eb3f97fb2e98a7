import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { addRendered, dropMedia } from '#modules/catalog/index.ts';
import { picturesOf } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type Face, faceKey, facesOf, fileOf } from './faces.ts';
import type { LookItem, Wording } from './look.ts';
import { partsOf } from './parts.ts';
import type { Drawing, Rendered, RenderTask } from './render-process.ts';

/**
 * Job. Draws a look anew after a change, and takes the picture of one away that is deleted. Of a draft only the products
 * are cut out: nobody is shown it yet.
 */
export async function renderLook(deps: Deps, payload: unknown): Promise<void> {
  const { lookId } = payload as { lookId: string }; // as `saveLook` queued it
  const { rows } = await sql<{ state: string; mediaId: string | null }>`
    select state, media_id as "mediaId" from looks.look join social.piece on piece.id = look.id
    where look.id = ${lookId}`.execute(deps.db);
  const [look] = rows;
  if (!look) return;
  if (look.state === 'deleted') return replacePicture(deps.db, lookId, null);
  const parts = await partsOf(deps.db, lookId);
  const faces = await facesOf(deps.db, parts.items);
  const cut = [...faces.values()]
    .filter(({ isCut }) => isCut === null)
    .map((face) => ({ mediaId: face.mediaId, sha256: face.sha256, file: fileOf(face, false) }));
  const drawing = look.state === 'live' ? await drawingOf(deps.db, parts, faces) : null;
  if (cut.length === 0 && !drawing) return;
  const rendered = await renderApart({ config: deps.config, cut, drawing });
  await keepCutouts(deps, rendered.cut);
  if (rendered.picture)
    await replacePicture(deps.db, lookId, { ...rendered.picture, version: parts.version });
}

async function drawingOf(
  db: Db,
  { ground, sceneId, items, wordings }: Awaited<ReturnType<typeof partsOf>>,
  faces: ReadonlyMap<string, Face>,
): Promise<Drawing> {
  const scene = sceneId && (await picturesOf(db, [sceneId])).get(sceneId);
  const file = scene && (scene.files.find((each) => each.startsWith('source.')) ?? scene.files[0]);
  const parts = [...items, ...wordings].toSorted((a, b) => a.place - b.place);
  return {
    ground,
    scene: scene && file ? `${scene.sha256}/${file}` : null,
    parts: parts.flatMap((part) => drawn(part, faces)),
  };
}

function drawn(part: LookItem | Wording, faces: ReadonlyMap<string, Face>): Drawing['parts'] {
  if ('words' in part) return [{ kind: 'words', ...part }];
  const face = faces.get(faceKey(part));
  if (!face || part.shape === 'hotspot') return [];
  const isCutOut = part.shape === 'cut_out';
  const { sha256, mediaId } = face;
  const { x, y, width, turn } = part;
  return [{ kind: 'item', sha256, mediaId, file: fileOf(face, isCutOut), isCutOut, x, y, width, turn }];
}

/** In a process of its own: pictures take whole cores and a hundred megabytes, which go back when it ends. */
async function renderApart(task: RenderTask): Promise<Rendered> {
  const child = fork(join(import.meta.dirname, 'render-process.ts'), {
    execArgv: [],
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'close').then(() => {
    throw new Error('the process that renders looks has ended');
  });
  ended.catch(() => {}); // told to whoever waits for the picture
  const made = once(child, 'message') as Promise<[Rendered]>;
  child.send(task);
  try {
    const [rendered] = await Promise.race([made, ended]);
    return rendered;
  } finally {
    if (child.connected) child.disconnect();
  }
}

async function keepCutouts({ db, now }: Deps, cut: Rendered['cut']): Promise<void> {
  if (cut.length === 0) return;
  const rows = JSON.stringify(cut.map(({ mediaId, size }) => ({ media_id: mediaId, ...size })));
  await sql`
    insert into looks.cutout (media_id, width, height, made_at)
    select media_id, width, height, ${now()}
    from jsonb_to_recordset(${rows}::jsonb) as t (media_id uuid, width integer, height integer)
    order by media_id on conflict (media_id) do nothing`.execute(db);
}

/** Another picture in place of the last one, whose files go; of what was changed or deleted meanwhile the new one goes. */
async function replacePicture(
  db: Db,
  lookId: string,
  picture: (NonNullable<Rendered['picture']> & { version: number }) | null,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ version: number; state: string; mediaId: string | null }>`
      select version, state, media_id as "mediaId" from looks.look join social.piece on piece.id = look.id
      where look.id = ${lookId} for update of look`.execute(tx);
    const [look] = rows;
    const isCurrent = picture !== null && look?.version === picture.version && look.state !== 'deleted';
    const mediaId = picture && (await addRendered(tx, picture));
    const kept = isCurrent ? mediaId : null;
    if (look && (isCurrent || picture === null))
      await sql`update looks.look set media_id = ${kept}::uuid, rendered_version = ${isCurrent ? picture.version : null}
        where id = ${lookId}`.execute(tx);
    const spent = isCurrent || picture === null ? look?.mediaId : mediaId;
    if (spent) await dropMedia(tx, [spent]);
  });
}
