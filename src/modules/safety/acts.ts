import { sql } from 'kysely';
import { actorOf, record } from '#modules/identity/index.ts';
import {
  cleanWords,
  clearProfile,
  notifyAnew,
  setTrust,
  suspend,
  type TrustLevel,
} from '#modules/social/index.ts';
import type { Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { CHECK_URGENCY, type Concern, concernById, raise } from './concerns.ts';
import { safetyErrors } from './errors.ts';
import { type Reason, refuseOtherReason } from './reasons.ts';
import { rememberPictures } from './pictures.ts';
import { moveOne } from './states.ts';
import type { SafetyActKind } from './tables.ts';

export const NOTE_MAX = 1000;
export const SUSPENDED_DAYS_MAX = 366;
const DAY_MS = 86_400_000;

export type ActKind = SafetyActKind;
export const ACT_KINDS = [
  'keep',
  'hold',
  'remove',
  'restore',
  'uphold',
  'warn',
  'trust',
  'suspend',
  'clear',
] as const satisfies ActKind[];

export interface ActWish {
  id: string;
  concernId: string;
  /** Of the concern, as whoever acts saw it. */
  version: number;
  kind: ActKind;
  /** Of `remove` and `clear`. */
  reason?: Reason | undefined;
  /** Told to the member: a warning needs one. */
  note: string;
  /** Of `trust`. */
  level?: TrustLevel | undefined;
  /** Of `suspend`. */
  until?: Date | undefined;
}

/** After these nothing waits any more; what is said to the member, or about their trust, leaves it in the queue. */
const ENDS: readonly ActKind[] = ['keep', 'remove', 'restore', 'uphold', 'clear'];
const OF_PIECES: readonly ActKind[] = ['hold', 'remove', 'restore', 'uphold'];
const OF_MEMBERS: readonly ActKind[] = ['warn', 'trust', 'suspend'];

/**
 * What a moderator decides about a concern. Of two who act on what they both saw, the first wins and the second is told.
 * The same id with the same again is a retry.
 */
export async function act(tx: Tx, viewer: Viewer, wish: ActWish, now: Date): Promise<void> {
  const by = viewer.memberId ?? '';
  const seen = await concernById(tx, wish.concernId);
  if (!seen) throw safetyErrors.concern_not_found({});
  if (await isRetry(tx, by, wish)) return;
  if (seen.ownerId === by) throw safetyErrors.own_thing({});
  await lock(tx, wish);
  const note = wish.note.trim() === '' ? '' : cleanWords(wish.note, NOTE_MAX);
  refuseUnfit(seen, { ...wish, note }, now);
  const decides = await perform(tx, by, seen, wish, note, now);
  const { kind, reason = null, level = null, until = null } = wish;
  await sql`
    insert into safety.act (id, concern_id, kind, about_id, reason, note, level, until, decides, by_id, at)
    values (${wish.id}, ${seen.id}, ${kind}, ${seen.ownerId}, ${reason}, ${note}, ${kind === 'trust' ? level : null},
      ${kind === 'suspend' ? until : null}, ${decides}::uuid, ${by}, ${now})`.execute(tx);
  if (kind === 'remove' && seen.pieceId !== null)
    await rememberPictures(tx, wish.id, { id: seen.pieceId, kind: seen.kind });
  await record(
    tx,
    actorOf(viewer),
    'moderated',
    seen.ownerId === null ? undefined : `member:${seen.ownerId}`,
    {
      act: kind,
      concern: seen.id,
      ...(reason && { reason }),
    },
  );
  if (seen.ownerId !== null && kind !== 'keep') await tellOwner(tx, seen, wish, now);
}

async function isRetry(tx: Tx, by: string, { id, concernId, kind }: ActWish): Promise<boolean> {
  const { rows } = await sql<{ isSame: boolean }>`
    select concern_id = ${concernId} and kind = ${kind} and by_id = ${by} as "isSame"
    from safety.act where id = ${id}`.execute(tx);
  if (rows[0]?.isSame === false) throw safetyErrors.act_differs({});
  return rows.length > 0;
}

/** The concern is this transaction's from here on, and closed where the act ends it. */
async function lock(tx: Tx, { concernId, version, kind }: ActWish): Promise<void> {
  const ends = ENDS.includes(kind);
  const { rows } = await sql`
    update safety.concern set version = version + 1, is_open = is_open and not ${ends},
      causes = case when ${ends} then '{}' else causes end, urgency = case when ${ends} then 0 else urgency end
    where id = ${concernId} and version = ${version} returning id`.execute(tx);
  if (rows.length > 0) return;
  const now = await concernById(tx, concernId);
  throw safetyErrors.moved_meanwhile({ version: now?.version ?? 0 });
}

function refuseUnfit(concern: Concern, { kind, reason, note, level, until }: ActWish, now: Date): void {
  const isPiece = concern.pieceId !== null;
  if ((OF_PIECES.includes(kind) && !isPiece) || (kind === 'clear' && isPiece))
    throw safetyErrors.act_not_open({});
  if (OF_MEMBERS.includes(kind) && concern.ownerId === null) throw safetyErrors.act_not_open({});
  if (kind === 'remove' || kind === 'clear') {
    if (reason === undefined) throw safetyErrors.act_not_open({});
    refuseOtherReason(concern.kind, reason);
  } else if (reason !== undefined) throw safetyErrors.act_not_open({});
  if (kind === 'warn' && note === '') throw safetyErrors.note_missing({});
  if (kind === 'trust' && level === undefined) throw safetyErrors.act_not_open({});
  if (kind !== 'suspend') return;
  const days = until === undefined ? 0 : (until.getTime() - now.getTime()) / DAY_MS;
  if (days <= 0 || days > SUSPENDED_DAYS_MAX) throw safetyErrors.until_invalid({});
}

/** Answers the removal that the act decides about, where it does. */
async function perform(
  tx: Tx,
  by: string,
  concern: Concern,
  { kind, level = 0, until }: ActWish,
  note: string,
  now: Date,
): Promise<string | null> {
  const { ownerId, pieceId } = concern;
  if (kind === 'warn') return null;
  if (kind === 'trust' && ownerId) await setTrust(tx, ownerId, { level, why: note, by }, now);
  if (kind === 'suspend' && ownerId && until) await suspend(tx, ownerId, until, now);
  if (kind === 'clear' && ownerId) await clearProfile(tx, ownerId);
  if (pieceId === null) return null;
  const piece = { id: pieceId, kind: concern.kind };
  // What was held is shown once it is kept; what was never out of sight stays as it is.
  if (kind === 'keep') {
    if (concern.causes.includes('appeal')) throw safetyErrors.act_not_open({});
    await moveOne(tx, piece, { from: ['held'], to: 'live' }, now);
  }
  if (kind === 'hold') {
    if (!(await moveOne(tx, piece, { from: ['live'], to: 'held' }, now))) throw safetyErrors.act_not_open({});
    // What is held waits for somebody to decide.
    await raise(tx, { pieceId }, { cause: 'check', urgency: CHECK_URGENCY }, now);
  }
  if (kind === 'remove' && !(await moveOne(tx, piece, { from: ['live', 'held'], to: 'removed' }, now)))
    throw safetyErrors.act_not_open({});
  if (kind !== 'restore' && kind !== 'uphold') return null;
  const removal = await openRemoval(tx, concern.id);
  if (!removal || (kind === 'uphold' && !removal.isAppealed)) throw safetyErrors.act_not_open({});
  if (removal.isAppealed && removal.byId === by) throw safetyErrors.not_your_appeal({});
  if (kind === 'restore' && !(await moveOne(tx, piece, { from: ['removed'], to: 'live' }, now)))
    throw safetyErrors.act_not_open({});
  return removal.id;
}

/** The removal of a concern's piece that nobody has decided about yet. */
export async function openRemoval(
  db: Db,
  concernId: string,
): Promise<{ id: string; byId: string; isAppealed: boolean } | undefined> {
  const { rows } = await sql<{ id: string; byId: string; isAppealed: boolean }>`
    select removal.id, removal.by_id as "byId", appeal.act_id is not null as "isAppealed"
    from safety.act as removal left join safety.appeal on appeal.act_id = removal.id
    where removal.concern_id = ${concernId} and removal.kind = 'remove'
      and not exists (select from safety.act as decision where decision.decides = removal.id)
    order by removal.at desc, removal.id desc limit 1`.execute(db);
  return rows[0];
}

/** That something was decided, not by whom, nor who had reported it. The words stand on the member's own page. */
async function tellOwner(tx: Tx, { ownerId, pieceId }: Concern, { id, kind, reason }: ActWish, now: Date) {
  if (ownerId === null) return;
  const data = { act: kind, actId: id, ...(reason && { reason }) };
  await notifyAnew(tx, { memberId: ownerId, kind: 'moderated', ...(pieceId && { pieceId }), data }, now);
}
