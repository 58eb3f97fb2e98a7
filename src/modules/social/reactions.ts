import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { notify } from './notices.ts';
import type { SocialReactionKind } from './tables.ts';
import { type Eye, open } from './visibility.ts';

export const REACTION_KINDS = ['heart', 'clap', 'wow', 'idea'] as const satisfies SocialReactionKind[];

/** How many said and felt something of a piece. */
export interface Tally {
  comments: number;
  heart: number;
  clap: number;
  wow: number;
  idea: number;
  /** What the viewer said themselves. */
  own: SocialReactionKind | null;
}

/** One reaction of each member: another takes its place, the same again changes nothing. */
export async function react(
  tx: Tx,
  eye: Eye & { memberId: string },
  pieceId: string,
  kind: SocialReactionKind,
  now: Date,
): Promise<void> {
  const { memberId } = eye;
  const piece = await open(tx, eye, pieceId);
  const was = await ownReaction(tx, pieceId, memberId);
  if (was === kind) return;
  await sql`
    insert into social.reaction (piece_id, member_id, kind, at) values (${pieceId}, ${memberId}, ${kind}, ${now})
    on conflict (piece_id, member_id) do update set kind = excluded.kind, at = excluded.at`.execute(tx);
  await count(tx, pieceId, kind, was);
  if (was === null && piece.ownerId)
    await notify(tx, { memberId: piece.ownerId, kind: 'reacted', actorId: memberId, pieceId }, now);
}

export async function unreact(tx: Tx, memberId: string, pieceId: string): Promise<void> {
  const { rows } = await sql<{ kind: SocialReactionKind }>`
    delete from social.reaction where piece_id = ${pieceId} and member_id = ${memberId} returning kind`.execute(
    tx,
  );
  if (rows[0]) await count(tx, pieceId, null, rows[0].kind);
}

/** Takes all of a member's reactions back. */
export async function endReactions(tx: Tx, memberId: string): Promise<void> {
  const { rows } = await sql<{ pieceId: string }>`
    select piece_id as "pieceId" from social.reaction where member_id = ${memberId} order by piece_id`.execute(
    tx,
  );
  for (const { pieceId } of rows) await unreact(tx, memberId, pieceId);
}

/**
 * What a member said of a piece, once nobody else writes it: the counts' row is locked first, so that two of the same
 * member wait for one another even where there is no reaction yet.
 */
async function ownReaction(tx: Tx, pieceId: string, memberId: string): Promise<SocialReactionKind | null> {
  await sql`insert into social.tally as known (piece_id) values (${pieceId})
    on conflict (piece_id) do update set comments = known.comments`.execute(tx);
  const { rows } = await sql<{ kind: SocialReactionKind }>`
    select kind from social.reaction where piece_id = ${pieceId} and member_id = ${memberId}`.execute(tx);
  return rows[0]?.kind ?? null;
}

async function count(
  tx: Tx,
  pieceId: string,
  more: SocialReactionKind | null,
  less: SocialReactionKind | null,
): Promise<void> {
  const of = (kind: SocialReactionKind) => (more === kind ? 1 : 0) - (less === kind ? 1 : 0);
  await sql`update social.tally set heart = heart + ${of('heart')}, clap = clap + ${of('clap')},
    wow = wow + ${of('wow')}, idea = idea + ${of('idea')} where piece_id = ${pieceId}`.execute(tx);
}

/** By piece; one of which nothing was said is in the answer with noughts. */
export async function talliesOf(
  db: Db,
  viewer: string | undefined,
  pieceIds: readonly string[],
): Promise<Map<string, Tally>> {
  const { rows } = await sql<Tally & { id: string }>`
    select asked.id, coalesce(comments, 0) as comments, coalesce(heart, 0) as heart, coalesce(clap, 0) as clap,
      coalesce(wow, 0) as wow, coalesce(idea, 0) as idea, reaction.kind as own
    from unnest((select ${[...pieceIds]}::uuid[])) as asked (id)
    left join social.tally on piece_id = asked.id
    left join social.reaction on reaction.piece_id = asked.id and member_id = ${viewer ?? null}::uuid`.execute(
    db,
  );
  return new Map(rows.map(({ id, ...tally }) => [id, tally]));
}
