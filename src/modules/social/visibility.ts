import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { socialErrors } from './errors.ts';
import type { SocialPieceKind, SocialPieceState, SocialVisibility } from './tables.ts';

/** Who looks: a member, or a guest; and the key of an unlisted piece, where its link was followed. */
export interface Eye {
  memberId?: string | undefined;
  key?: string | undefined;
}

/**
 * Who looks, for a statement. A guest is said by its text: a plan for whoever looks would read what keeps members apart,
 * and cost so much more than one for a guest that PostgreSQL would make one at each call, which takes longer than most of
 * what is asked.
 */
export const selfOf = (memberId: string | undefined): RawBuilder<string | null> =>
  memberId === undefined ? sql`null::uuid` : sql`${memberId}::uuid`;

/** What somebody is to a piece: its root's owner, one who makes it with them, or one who looks on. */
export type Standing = 'owner' | 'editor' | 'contributor' | 'onlooker';

/** A piece that somebody may look at. */
export interface Opened {
  id: string;
  kind: SocialPieceKind;
  /** None where who wrote it has no account. */
  ownerId: string | null;
  rootId: string;
  rootOwnerId: string | null;
  withinId: string | null;
  state: SocialPieceState;
  /** Of the root, as everything within. */
  visibility: SocialVisibility;
  madeAt: Date;
  standing: Standing;
}

/** Those of the pieces that somebody may look at, by id: `social.opened` decides, here as everywhere. */
export async function openAll(db: Db, eye: Eye, ids: readonly string[]): Promise<Map<string, Opened>> {
  if (ids.length === 0) return new Map();
  const viewer = eye.memberId ?? null;
  const { rows } = await sql<Opened>`
    select piece.id, piece.kind, piece.owner_id as "ownerId", piece.root_id as "rootId", root.owner_id as "rootOwnerId",
      piece.within_id as "withinId", piece.state, root.visibility, piece.made_at as "madeAt",
      case when root.owner_id = ${viewer}::uuid then 'owner' else coalesce((
        select role::text from social.collaborator c
        where c.piece_id = root.id and c.member_id = ${viewer}::uuid and c.joined_at is not null
      ), 'onlooker') end as standing
    from social.opened(${viewer}::uuid, ${eye.key ?? null}) as seen
    join social.piece as piece on piece.id = seen.id
    join social.piece as root on root.id = piece.root_id
    where seen.id = any((select ${[...ids]}::uuid[])::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Refuses with one answer whatever is not there for them, and whatever is of another kind than was asked for. */
export async function open(db: Db, eye: Eye, id: string, kind?: SocialPieceKind): Promise<Opened> {
  const found = (await openAll(db, eye, [id])).get(id);
  if (!found || (kind !== undefined && found.kind !== kind)) throw socialErrors.piece_not_found({});
  return found;
}

/** The same as a part of a statement that does something with it: its `id`, `kind` and `owner_id`; no row where `open` refuses. */
export const openedPiece = ({ memberId, key }: Eye, id: string): RawBuilder<unknown> => sql`
  select piece.id, piece.kind, piece.owner_id
  from social.opened(${memberId ?? null}::uuid, ${key ?? null}) as seen join social.piece as piece on piece.id = seen.id
  where seen.id = ${id}`;

/** Whether two members meet, that is, neither blocks the other. */
export async function doMeet(db: Db, one: string, other: string): Promise<boolean> {
  const { rows } = await sql<{ meet: boolean }>`
    select social.meet(${one}::uuid, ${other}::uuid) as meet`.execute(db);
  return rows[0]?.meet === true;
}
