import { sql } from 'kysely';
import { cleanWords } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { APPEAL_URGENCY, raise } from './concerns.ts';
import { contentsOf, wordsOf } from './contents.ts';
import { safetyErrors } from './errors.ts';
import type { Reason } from './reasons.ts';

export const APPEAL_MAX = 2000;

/** The author's word against a removal, once; it goes to the head of the queue. Again with the same words is a retry. */
export async function appeal(
  tx: Tx,
  memberId: string,
  removalId: string,
  typed: string,
  now: Date,
): Promise<void> {
  const words = cleanWords(typed, APPEAL_MAX);
  // A decision that is being made is waited for: what it decided can't be appealed against any more.
  await sql`select from safety.concern where id = (select concern_id from safety.act where id = ${removalId})
    for update`.execute(tx);
  const { rows } = await sql<{ pieceId: string }>`
    insert into safety.appeal (act_id, words, at)
    select act.id, ${words}, ${now}
    from safety.act join safety.concern on concern.id = act.concern_id join social.piece on piece.id = concern.piece_id
    where act.id = ${removalId} and act.kind = 'remove' and act.about_id = ${memberId} and piece.state = 'removed'
      and not exists (select from safety.act as decision where decision.decides = act.id)
    on conflict do nothing
    returning (select piece_id from safety.act join safety.concern on concern.id = concern_id
      where act.id = ${removalId}) as "pieceId"`.execute(tx);
  const [row] = rows;
  if (row) {
    const news = { cause: 'appeal', urgency: APPEAL_URGENCY, isNews: true } as const;
    await raise(tx, { pieceId: row.pieceId }, news, now);
    return;
  }
  const { rows: known } = await sql`
    select from safety.appeal join safety.act on act.id = act_id
    where act_id = ${removalId} and about_id = ${memberId} and words = ${words}`.execute(tx);
  if (known.length === 0) throw safetyErrors.not_appealable({});
}

export const REMOVAL_STATES = ['removed', 'appealed', 'upheld', 'restored'] as const;
export type RemovalState = (typeof REMOVAL_STATES)[number];

export interface Removal {
  id: string;
  pieceId: string;
  kind: string;
  reason: Reason;
  /** To the author. */
  note: string;
  state: RemovalState;
  removedAt: Date;
  appeal: string | null;
  appealedAt: Date | null;
  decidedAt: Date | null;
  /** What was taken away, as long as its author has not deleted it. */
  words: string;
  photoIds: string[];
  /** Whether the author may still say something against it. */
  isAppealable: boolean;
}

export interface RemovalsAsked {
  limit: number;
  cursor?: string | undefined;
  /** Those of this author's things alone. */
  ownerId?: string | undefined;
}

/** The log of removals, the latest first. */
export async function removals(
  db: Db,
  { limit, cursor, ownerId }: RemovalsAsked,
): Promise<{ removals: Removal[]; cursor: string | null }> {
  const [micros = '0', id = ''] = cursor?.split('_') ?? [];
  const parts = [
    sql`act.kind = 'remove'`,
    ...(cursor === undefined
      ? []
      : [sql`(act.at, act.id) < (to_timestamp(${micros}::numeric / 1000000), ${id}::uuid)`]),
    ...(ownerId === undefined ? [] : [sql`act.about_id = ${ownerId}`]),
  ];
  const { rows } = await sql<Omit<Removal, 'words' | 'photoIds'> & { micros: string }>`
    select act.id, concern.piece_id as "pieceId", piece.kind, act.reason, act.note, act.at as "removedAt",
      appeal.words as appeal, appeal.at as "appealedAt", decision.at as "decidedAt",
      case when decision.kind = 'restore' then 'restored' when decision.kind = 'uphold' then 'upheld'
        when appeal.at is not null then 'appealed' else 'removed' end as state,
      appeal.at is null and decision.id is null and piece.state = 'removed' as "isAppealable",
      (extract(epoch from act.at) * 1000000)::bigint::text as micros
    from safety.act join safety.concern on concern.id = act.concern_id join social.piece on piece.id = concern.piece_id
    left join safety.appeal on appeal.act_id = act.id
    left join safety.act as decision on decision.decides = act.id
    where ${sql.join(parts, sql` and `)} order by act.at desc, act.id desc limit ${limit + 1}`.execute(db);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const contents = await contentsOf(
    db,
    page.map(({ pieceId, kind }) => ({ id: pieceId, kind })),
  );
  return {
    removals: page.map(({ micros: _micros, ...removal }) => {
      const content = contents.get(removal.pieceId);
      return { ...removal, words: wordsOf(content), photoIds: content?.photoIds ?? [] };
    }),
    cursor: last ? `${last.micros}_${last.id}` : null,
  };
}

/** Something that moderators told a member, beside what they removed. */
export interface Decision {
  id: string;
  kind: 'hold' | 'warn' | 'trust' | 'suspend' | 'clear';
  reason: Reason | null;
  note: string;
  until: Date | null;
  at: Date;
}

const DECISIONS_SHOWN = 20;

/** The latest of them. */
export async function decisionsAbout(db: Db, memberId: string): Promise<Decision[]> {
  const { rows } = await sql<Decision>`
    select id, kind, reason, note, until, at from safety.act
    where about_id = ${memberId} and kind in ('hold', 'warn', 'trust', 'suspend', 'clear')
    order by at desc, id desc limit ${DECISIONS_SHOWN}`.execute(db);
  return rows;
}
