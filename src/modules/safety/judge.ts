import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { staffRolesOf } from '#modules/identity/index.ts';
import { type Content, type TrustLevel, trustOf } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { CHECK_URGENCY, raise } from './concerns.ts';
import { contentsOf } from './contents.ts';
import { bandsOf } from './fingerprints.ts';
import { queuePictures } from './judge-pictures.ts';
import { addressesIn, domainsOf, faultsOf, type LinkFault } from './links.ts';
import { noteSignal } from './signals.ts';
import { moveOne } from './states.ts';

export const JUDGE_PIECE = 'safety.judge_piece';
export const JUDGE_WITHIN = 'safety.judge_within';
/** Of a new member's link pins so many a day are shown at once. */
const NEW_LINK_PINS = 5;
const DAY_MS = 86_400_000;
const BATCH = 200;

interface Judged {
  id: string;
  kind: string;
  ownerId: string | null;
}

const idIn = (payload: unknown, name: string): string | undefined => {
  const found: unknown =
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** Job. Looks at what a piece says and where it leads, once for each wording, and holds what must be looked at. */
export async function judgePiece(deps: Pick<Deps, 'db' | 'now' | 'config'>, payload: unknown): Promise<void> {
  const pieceId = idIn(payload, 'pieceId');
  if (pieceId === undefined) return;
  const { rows } = await sql<Judged>`
    select piece.id, piece.kind, piece.owner_id as "ownerId" from social.piece join social.piece as root on root.id = piece.root_id
    where piece.id = ${pieceId} and piece.state = 'live' and root.visibility <> 'secret'`.execute(deps.db);
  const [piece] = rows;
  if (!piece) return;
  const content = (await contentsOf(deps.db, [piece])).get(piece.id);
  if (content) await judge(deps, piece, content);
  const hasPicture = content && (content.photoIds.length > 0 || content.mediaId !== null);
  if (hasPicture && deps.config.pictureJudge)
    await inTransaction(deps.db, (tx) => queuePictures(tx, piece.id, 'piece'));
}

async function judge(
  { db, now, config }: Pick<Deps, 'db' | 'now' | 'config'>,
  piece: Judged,
  content: Content,
): Promise<void> {
  const words = content.words.join('\n').trim();
  if (words === '' && content.links.length === 0) return;
  const urls = addressesIn(content.words, content.links, new URL(config.publicUrl).hostname);
  const level = await levelOf(db, piece.ownerId);
  const blocked = await blockedAmong(db, urls.flatMap(domainsOf));
  const isNewPin = level === 0 && piece.kind === 'pin' && piece.ownerId !== null && content.links.length > 0;
  const linksMax = isNewPin ? await leftToPin(db, piece, now()) : undefined;
  const faults = faultsOf(urls, { level, blocked, ...(linksMax !== undefined && { linksMax }) });
  const digest = createHash('sha256')
    .update(JSON.stringify([content.words, content.links]))
    .digest();
  await inTransaction(db, async (tx) => {
    // What was judged in the same words before is let be: a moderator may have put it back.
    if (!(await isNews(tx, piece, digest, bandsOf(words), now()))) return;
    if (faults.length > 0) await hold(tx, piece, faults, urls, now());
  });
}

/** Who buys without an account is new each time; who speaks for the shop is known to it. */
export async function levelOf(db: Db, ownerId: string | null): Promise<TrustLevel> {
  if (ownerId === null) return 0;
  const [{ level }, roles] = await Promise.all([trustOf(db, ownerId), staffRolesOf(db, ownerId)]);
  return roles.length > 0 ? 3 : level;
}

async function hold(
  tx: Tx,
  piece: Judged,
  faults: readonly LinkFault[],
  urls: readonly URL[],
  now: Date,
): Promise<void> {
  if (!(await moveOne(tx, piece, { from: ['live'], to: 'held' }, now))) return;
  const isGrave = faults.includes('blocked_host') || faults.includes('look_alike');
  const hosts = [...new Set(urls.map(({ hostname }) => hostname))].slice(0, 10);
  await noteSignal(
    tx,
    {
      kind: 'link',
      memberId: piece.ownerId,
      pieceId: piece.id,
      value: isGrave ? 0.8 : 0.3,
      evidence: { faults, hosts },
    },
    now,
  );
  await raise(tx, { pieceId: piece.id }, { cause: 'check', urgency: CHECK_URGENCY }, now);
}

/** Keeps what the piece's words are like. False where they were judged before. */
async function isNews(
  tx: Tx,
  { id, ownerId }: Judged,
  digest: Buffer,
  bands: readonly bigint[],
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    insert into safety.fingerprint as known (piece_id, member_id, digest, bands, at)
    values (${id}, ${ownerId}::uuid, ${digest}, ${bands.map(String)}::bigint[], ${now})
    on conflict (piece_id) do update set digest = excluded.digest, bands = excluded.bands, at = excluded.at
    where known.digest <> excluded.digest returning piece_id`.execute(tx);
  return rows.length > 0;
}

export async function blockedAmong(db: Db, domains: readonly string[]): Promise<Set<string>> {
  if (domains.length === 0) return new Set();
  const { rows } = await sql<{ host: string }>`
    select host from safety.blocked_host where host = any(${[...new Set(domains)]}::text[])`.execute(db);
  return new Set(rows.map(({ host }) => host));
}

/** How many links the pin may have to be shown: none, where its maker's day is used up. */
async function leftToPin(db: Db, { id, ownerId }: Judged, now: Date): Promise<number> {
  const { rows } = await sql<Judged>`
    select id, kind, owner_id as "ownerId" from social.piece
    where owner_id = ${ownerId} and kind = 'pin' and id <> ${id} and made_at > ${new Date(now.getTime() - DAY_MS)}
    limit ${BATCH}`.execute(db);
  const contents = await contentsOf(db, rows);
  const leading = [...contents.values()].filter(({ links }) => links.length > 0).length;
  return leading < NEW_LINK_PINS ? 1 : 0;
}

/** Job. What stands within something that was opened to others: judged now, for nobody else saw it before. */
export async function judgeWithin({ db }: Pick<Deps, 'db'>, payload: unknown): Promise<void> {
  const [rootId, after = null] = [idIn(payload, 'rootId'), idIn(payload, 'after')];
  if (rootId === undefined) return;
  await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select id from social.piece where root_id = ${rootId} and id <> ${rootId} and state = 'live'
        and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${BATCH}`.execute(tx);
    for (const { id } of rows) await addJob(tx, JUDGE_PIECE, { pieceId: id }, id);
    const last = rows.at(-1);
    if (rows.length === BATCH && last)
      await addJob(tx, JUDGE_WITHIN, { rootId, after: last.id }, `${rootId}:${last.id}`);
  });
}
