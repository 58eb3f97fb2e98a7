import { sql } from 'kysely';
import { pictureCame } from '#events/social.ts';
import { addPhoto, removePhotos } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addJob, emit } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { resolveHost } from '#platform/outside.ts';
import { boardErrors } from './errors.ts';
import {
  type LinkRefusal,
  LinkRefused,
  type OutsidePage,
  type Reach,
  readOutsidePage,
} from './outside-page.ts';

export const READ_LINK = 'boards.read_link';
export const ADDRESS_LENGTH_MAX = 2000;

/** A web address as it is kept; refused when it is none, or says who one is. */
export function addressFrom(typed: string): string {
  const text = typed.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const isNamed = url !== null && (url.hostname.includes('.') || url.hostname.startsWith('['));
  if (!url || !isWeb || !isNamed || url.username || url.password || url.href.length > ADDRESS_LENGTH_MAX)
    throw boardErrors.address_refused({});
  return url.href;
}

/** What a page said of itself when it was read elsewhere: then it is not read again. */
export interface KnownPage {
  title: string;
  author: string;
  excerpt: string;
  site: string;
  photoId: string | null;
}

/** Writes down where a pin leads; a job reads what stands there, unless that is known. */
export async function addLink(
  tx: Tx,
  pinId: string,
  { url, page }: { url: string; page?: KnownPage },
  now: Date,
): Promise<void> {
  if (!page) {
    await sql`insert into boards.link (pin_id, url) values (${pinId}, ${url})`.execute(tx);
    return addJob(tx, READ_LINK, { pinId }, pinId);
  }
  await sql`
    insert into boards.link (pin_id, url, state, title, author, excerpt, site, photo_id, read_at)
    values (${pinId}, ${url}, 'read', ${page.title}, ${page.author}, ${page.excerpt}, ${page.site}, ${page.photoId}::uuid,
      ${now})`.execute(tx);
}

/** A page is read for pins that are shown: those that come back wait for it still. */
export async function readWaitingLinks(tx: Tx, pinIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ pinId: string }>`
    select pin_id as "pinId" from boards.link where pin_id = any(${[...pinIds]}::uuid[]) and state = 'waiting'`.execute(
    tx,
  );
  for (const { pinId } of rows) await addJob(tx, READ_LINK, { pinId }, pinId);
}

/** Job. Reads the page that a pin leads to; the picture becomes a photo of the pinner's. */
export async function readLink(deps: Deps, payload: unknown): Promise<void> {
  const { pinId } = payload as { pinId: string }; // as `addLink` queued it
  await readLinkOf(deps, pinId, { isInsecure: false, resolve: resolveHost });
}

export async function readLinkOf(deps: Deps, pinId: string, reach: Reach): Promise<void> {
  const link = await waitingLink(deps.db, pinId);
  const url = link && URL.parse(link.url);
  if (!link || !url) return;
  try {
    const page = await readOutsidePage(url, reach);
    const photoId = await keepPicture(deps, link.ownerId, page);
    await inTransaction(deps.db, (tx) => keepPage(tx, pinId, link.ownerId, { ...page, photoId }, deps.now()));
  } catch (error) {
    if (!(error instanceof LinkRefused)) throw error;
    const { reason } = error;
    await inTransaction(deps.db, (tx) => refuseOrTryAgain(tx, pinId, reason, deps.now()));
  }
}

/** What may be another answer in a while: a site that is down or slow, not one that says no. */
const PASSING: readonly LinkRefusal[] = ['unreachable', 'timeout', 'busy'];
const WAIT_MS = 5 * 60_000;
const TRIES_MAX = 3;

/** After five minutes, half an hour, three hours; then it says why it could not be read. */
async function refuseOrTryAgain(tx: Tx, pinId: string, reason: LinkRefusal, now: Date): Promise<void> {
  const mayPass = PASSING.includes(reason);
  const { rows } = await sql<{ tries: number }>`
    update boards.link set tries = tries + 1 where pin_id = ${pinId} and state = 'waiting' and ${mayPass}
      and tries < ${TRIES_MAX} returning tries`.execute(tx);
  const [again] = rows;
  if (again) {
    const runAt = new Date(now.getTime() + WAIT_MS * 6 ** (again.tries - 1));
    await addJob(tx, READ_LINK, { pinId }, pinId, { runAt });
  } else
    await sql`update boards.link set state = 'refused', refusal = ${reason}, read_at = ${now}
      where pin_id = ${pinId} and state = 'waiting'`.execute(tx);
}

async function waitingLink(db: Db, pinId: string): Promise<{ url: string; ownerId: string } | undefined> {
  const { rows } = await sql<{ url: string; ownerId: string }>`
    select url, piece.owner_id as "ownerId" from boards.link join social.piece on piece.id = pin_id
    where pin_id = ${pinId} and link.state = 'waiting' and piece.state = 'live'`.execute(db);
  return rows[0];
}

/** A picture that can't be taken as one is left out. */
async function keepPicture(
  deps: Deps,
  ownerId: string,
  { picture, title }: OutsidePage,
): Promise<string | null> {
  if (!picture) return null;
  try {
    const { id } = await addPhoto(deps, { id: newId(), ownerId, alt: title }, picture);
    return id;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** What was read meanwhile, or the pin gone: the picture is not kept. */
async function keepPage(
  tx: Tx,
  pinId: string,
  ownerId: string,
  { title, author, excerpt, site, photoId }: OutsidePage & { photoId: string | null },
  now: Date,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update boards.link set state = 'read', title = ${title}, author = ${author}, excerpt = ${excerpt}, site = ${site},
      photo_id = ${photoId}::uuid, read_at = ${now}
    where pin_id = ${pinId} and state = 'waiting'
      and exists (select from social.piece where id = ${pinId} and state = 'live' for share)`.execute(tx);
  if (numAffectedRows === 0n && photoId !== null) await removePhotos(tx, ownerId, [photoId]);
  // Its words are new to who judges them, and its picture.
  if (numAffectedRows === 1n) await emit(tx, pictureCame, { pieceId: pinId });
}

/** Takes away what pins led to, with the pictures that were fetched for them. */
export async function endLinks(tx: Tx, pinIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ ownerId: string | null; photoId: string | null }>`
    with gone as (
      select pin_id, photo_id from boards.link where pin_id = any(${[...pinIds]}::uuid[]) order by pin_id for update
    )
    update boards.link set url = '', title = '', author = '', excerpt = '', site = '', photo_id = null
    from gone join social.piece on piece.id = gone.pin_id
    where link.pin_id = gone.pin_id
    returning piece.owner_id as "ownerId", gone.photo_id as "photoId"`.execute(tx);
  const photos = rows.flatMap(({ ownerId, photoId }) => (ownerId && photoId ? [{ ownerId, photoId }] : []));
  for (const [ownerId, own] of Map.groupBy(photos, (photo) => photo.ownerId))
    await removePhotos(
      tx,
      ownerId,
      own.map(({ photoId }) => photoId),
    );
}
