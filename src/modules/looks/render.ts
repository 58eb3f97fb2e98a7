import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { pictureCame } from '#events/social.ts';
import { addRendered, addRenderedFiles, dropMedia, openStorage } from '#modules/catalog/index.ts';
import { picturesOf, readdressPhotos } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob, emit } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { type Face, faceKey, facesOf, fileOf } from './faces.ts';
import type { LookItem, Wording } from './look.ts';
import { partsOf } from './parts.ts';
import { type Drawing, type Encoded, type Rendered, type RenderTask, spriteKey } from './render-task.ts';
import { renderApart } from './renderer.ts';

/** Beside a picture's other files, what looks are painted with; no page asks for it. */
const SPRITE_FILES = { cut: 'cutout.pixels', whole: 'whole.pixels' } as const;

/**
 * Job. Draws a look anew after a change, and takes the picture of one away that is deleted. Of a draft only the products
 * are cut out: nobody is shown it yet. The look is shown as soon as there is a picture; the smaller files of it follow.
 */
export async function renderLook(deps: Deps, payload: unknown): Promise<void> {
  const { lookId } = payload as { lookId: string }; // as `saveLook` queued it
  const { rows } = await sql<{ state: string; mediaId: string | null }>`
    select state, media_id as "mediaId" from looks.look join social.piece on piece.id = look.id
    where look.id = ${lookId}`.execute(deps.db);
  const [look] = rows;
  if (!look) return;
  if (look.state === 'deleted') return void (await replacePicture(deps.db, lookId, null));
  const parts = await partsOf(deps.db, lookId);
  const faces = await facesOf(deps.db, parts.items);
  const task = await taskOf(deps, parts, faces, look.state === 'live');
  if (task.cut.length === 0 && !task.drawing) return;
  const asked = renderApart(task);
  const rendered = await asked.rendered;
  await keepCutouts(deps, faces, rendered);
  if (!rendered.picture) return;
  const key = randomBytes(32).toString('hex');
  const { files, ...size } = rendered.picture;
  await keepFiles(deps, key, files);
  const byteSize = Math.max(...files.map(([, bytes]) => bytes.length));
  const picture = { key, files: files.map(([name]) => name), byteSize, ...size, version: parts.version };
  const mediaId = await replacePicture(deps.db, lookId, picture);
  if (mediaId) await addFiner(deps, lookId, { mediaId, key, files: await asked.finer });
}

/** All that the drawing needs, as bytes: what is kept of earlier looks before what has to be decoded. */
async function taskOf(
  { db, config }: Deps,
  parts: Awaited<ReturnType<typeof partsOf>>,
  faces: ReadonlyMap<string, Face>,
  isShown: boolean,
): Promise<RenderTask> {
  const storage = openStorage(config);
  const cut: RenderTask['cut'] = [];
  const sprites = new Map<string, { bytes: Uint8Array; isKept: boolean }>();
  for (const face of new Map([...faces.values()].map((each) => [each.mediaId, each])).values()) {
    const bytesOf = (file: string) => storage.get(`${face.sha256}/${file}`);
    if (face.isCut === null) {
      const bytes = await bytesOf(fileOf(face, false));
      if (bytes) cut.push({ mediaId: face.mediaId, bytes });
    }
    if (!isShown) continue;
    for (const isCut of shapesOf(face, parts.items, faces)) {
      const kept = await bytesOf(SPRITE_FILES[isCut ? 'cut' : 'whole']);
      const bytes = kept ?? (await bytesOf(fileOf(face, isCut)));
      if (bytes) sprites.set(spriteKey(face.mediaId, isCut), { bytes, isKept: kept !== undefined });
    }
  }
  const scene = parts.sceneId && (await picturesOf(db, [parts.sceneId])).get(parts.sceneId);
  const file = scene && (scene.files.find((each) => each.startsWith('source.')) ?? scene.files[0]);
  const behind = scene && file ? await storage.get(`${scene.sha256}/${file}`) : undefined;
  return { cut, sprites, drawing: isShown ? drawingOf(parts, faces, behind ?? null) : null };
}

/** Whether it is needed cut out, whole, or both. */
function shapesOf(
  { mediaId, isCut }: Face,
  items: readonly LookItem[],
  faces: ReadonlyMap<string, Face>,
): Set<boolean> {
  const shown = items.filter(
    (item) => item.shape !== 'hotspot' && faces.get(faceKey(item))?.mediaId === mediaId,
  );
  return new Set(shown.map(({ shape }) => shape === 'cut_out' && isCut === true));
}

function drawingOf(
  { ground, items, wordings }: Awaited<ReturnType<typeof partsOf>>,
  faces: ReadonlyMap<string, Face>,
  scene: Uint8Array | null,
): Drawing {
  const parts = [...items, ...wordings].toSorted((a, b) => a.place - b.place);
  return { ground, scene, parts: parts.flatMap((part) => drawn(part, faces)) };
}

function drawn(part: LookItem | Wording, faces: ReadonlyMap<string, Face>): Drawing['parts'] {
  if ('words' in part) return [{ kind: 'words', ...part }];
  const mediaId = faces.get(faceKey(part))?.mediaId;
  if (mediaId === undefined || part.shape === 'hotspot') return [];
  const { x, y, width, turn } = part;
  return [{ kind: 'item', mediaId, isCutOut: part.shape === 'cut_out', x, y, width, turn }];
}

async function keepFiles({ config }: Deps, key: string, files: readonly Encoded[]): Promise<void> {
  const storage = openStorage(config);
  for (const [name, bytes] of files)
    await storage.put(
      `${key}/${name}`,
      bytes,
      `image/${name.split('.')[1] === 'jpg' ? 'jpeg' : name.split('.')[1]}`,
    );
}

/** Of a look that was changed or deleted meanwhile the files go again. */
async function addFiner(
  deps: Deps,
  lookId: string,
  { mediaId, key, files }: { mediaId: string; key: string; files: readonly Encoded[] },
): Promise<void> {
  await keepFiles(deps, key, files);
  const names = files.map(([name]) => name);
  const isAdded = await inTransaction(deps.db, async (tx) => {
    if (!(await addRenderedFiles(tx, mediaId, names))) return false;
    await emit(tx, pictureCame, { pieceId: lookId });
    return true;
  });
  if (isAdded) return;
  for (const name of names) await openStorage(deps.config).remove(`${key}/${name}`);
}

async function keepCutouts(
  deps: Deps,
  faces: ReadonlyMap<string, Face>,
  { cut, sprites }: Rendered,
): Promise<void> {
  const storage = openStorage(deps.config);
  const keyOf = new Map([...faces.values()].map(({ mediaId, sha256 }) => [mediaId, sha256]));
  for (const { mediaId, webp } of cut)
    if (webp) await storage.put(`${keyOf.get(mediaId)}/cutout.webp`, webp, 'image/webp');
  for (const [key, bytes] of sprites) {
    const [mediaId = '', kind] = key.split(' ');
    const file = SPRITE_FILES[kind === 'cut' ? 'cut' : 'whole'];
    await storage.put(`${keyOf.get(mediaId)}/${file}`, bytes, 'application/octet-stream');
  }
  if (cut.length === 0) return;
  const rows = JSON.stringify(cut.map(({ mediaId, size }) => ({ media_id: mediaId, ...size })));
  await sql`
    insert into looks.cutout (media_id, width, height, made_at)
    select media_id, width, height, ${deps.now()}
    from jsonb_to_recordset(${rows}::jsonb) as t (media_id uuid, width integer, height integer)
    order by media_id on conflict (media_id) do nothing`.execute(deps.db);
}

/** Once fewer may see a look, its picture and the photo of its scene stand elsewhere. */
export async function redrawClosed(tx: Tx, { rootId }: { rootId: string }): Promise<void> {
  const { rows } = await sql<{ sceneId: string | null }>`
    select scene_id as "sceneId" from looks.look where id = ${rootId}`.execute(tx);
  const [look] = rows;
  if (!look) return;
  if (look.sceneId !== null) await readdressPhotos(tx, [look.sceneId]);
  await addJob(tx, 'looks.render', { lookId: rootId }, rootId, { isSlow: true });
}

interface Drawn {
  key: string;
  files: string[];
  byteSize: number;
  width: number;
  height: number;
  version: number;
}

/**
 * Another picture in place of the last one, whose files go; of what was changed or deleted meanwhile the new one goes.
 * Answers the number of the picture that is shown.
 */
async function replacePicture(db: Db, lookId: string, picture: Drawn | null): Promise<string | null> {
  return inTransaction(db, async (tx) => {
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
    return kept;
  });
}
