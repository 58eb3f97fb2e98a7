import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { pieceChanged, pieceClosed } from '#events/social.ts';
import type { Tx } from '#platform/db.ts';
import type { AppError } from '#platform/errors.ts';
import { emit, emittedOf } from '#platform/events.ts';
import { socialErrors } from './errors.ts';
import type { SocialPieceKind, SocialPieceState, SocialVisibility } from './tables.ts';

export interface NewPiece {
  id: string;
  kind: SocialPieceKind;
  ownerId: string | null;
  /** What it stands within, and shares the visibility of. */
  withinId?: string;
  /** Of one that stands by itself; public unless said. */
  visibility?: SocialVisibility;
  state?: Extract<SocialPieceState, 'draft' | 'held' | 'live'>;
}

/** What the caller's module writes in the same statement: a statement costs its way, whatever it does. */
export interface Beside {
  /** Each `name as (insert …)`, from `social_piece`, which has no row where the piece was there before. */
  changes: readonly RawBuilder<unknown>[];
  /** What has to hold of a new piece then, and what is answered where it does not. */
  unless?: { holds: RawBuilder<boolean>; refusal: () => AppError };
}

/**
 * Enters a piece, and what says it `beside`. The same id again is a retry, answered with false; for something else it is
 * refused, and so is one within what is gone.
 */
export async function makePiece(
  tx: Tx,
  piece: NewPiece,
  now: Date,
  { changes, unless }: Beside = { changes: [] },
): Promise<boolean> {
  const { id, kind, ownerId, withinId = null, state = 'live' } = piece;
  const visibility = withinId === null ? (piece.visibility ?? 'public') : null;
  const told = emittedOf(pieceChanged, {
    facts: sql`json_build_object('pieceId', id, 'kind', kind, 'rootId', root_id, 'state', state)`,
    from: sql`social_piece where state = 'live'`,
  });
  const { rows } = await sql<{ holds: boolean }>`
    with social_piece as (
      insert into social.piece (id, kind, owner_id, root_id, within_id, visibility, link_key, state, made_at)
      select ${id}, ${kind}, ${ownerId}::uuid, coalesce(within.root_id, ${id}::uuid), ${withinId}::uuid,
        ${visibility}::social.visibility, ${visibility === 'unlisted' ? newKey() : null}, ${state}, ${now}
      from (select) as one left join social.piece as within on within.id = ${withinId}::uuid and within.state in ('live', 'draft')
      where ${withinId}::uuid is null or within.id is not null
      on conflict (id) do nothing
      returning id, kind, root_id, state
    ), ${sql.join([...told.changes, ...changes])}
    select ${unless?.holds ?? sql`true`} as holds from social_piece`.execute(tx);
  const [made] = rows;
  if (made && unless && !made.holds) throw unless.refusal();
  if (made) return true;
  const known = await sql<{ isSame: boolean }>`
    select kind = ${kind} and owner_id is not distinct from ${ownerId}::uuid
      and within_id is not distinct from ${withinId}::uuid and state <> 'deleted' as "isSame"
    from social.piece where id = ${id}`.execute(tx);
  if (!known.rows[0]) throw socialErrors.piece_not_found({});
  if (!known.rows[0].isSame) throw socialErrors.piece_differs({ pieceId: id });
  return false;
}

export interface StateChange {
  from: readonly SocialPieceState[];
  to: SocialPieceState;
}

/** Moves pieces from one state to another, and answers those that were moved. What was deleted stays so. */
export async function changeState(
  tx: Tx,
  ids: readonly string[],
  { from, to }: StateChange,
): Promise<
  {
    id: string;
    kind: SocialPieceKind;
    ownerId: string | null;
    withinId: string | null;
    was: SocialPieceState;
  }[]
> {
  const { rows } = await sql<{
    id: string;
    kind: SocialPieceKind;
    ownerId: string | null;
    withinId: string | null;
    rootId: string;
    was: SocialPieceState;
  }>`
    with locked as (
      select id, state from social.piece where id = any(${[...ids]}::uuid[]) order by id for update
    )
    update social.piece set state = ${to} from locked
    where piece.id = locked.id and locked.state = any(${[...from]}::social.piece_state[]) and locked.state <> 'deleted'
    returning piece.id, kind, owner_id as "ownerId", within_id as "withinId", root_id as "rootId", locked.state as was`.execute(
    tx,
  );
  for (const { id, kind, rootId } of rows) await tell(tx, { id, kind, rootId, state: to });
  return rows;
}

/** Says who may see a root and all within. An unlisted one gets a new key each time: links given away before end. */
export async function setVisibility(
  tx: Tx,
  id: string,
  visibility: SocialVisibility,
): Promise<{ linkKey: string | null }> {
  const { rows } = await sql<{
    kind: SocialPieceKind;
    linkKey: string | null;
    state: SocialPieceState;
    was: SocialVisibility;
  }>`
    with known as (select id, visibility from social.piece where id = ${id} for update)
    update social.piece set visibility = ${visibility},
      link_key = case when ${visibility}::social.visibility <> 'unlisted' then null
        when piece.visibility = 'unlisted' then link_key else ${newKey()} end
    from known where piece.id = known.id and piece.visibility is not null and state <> 'deleted'
    returning kind, state, link_key as "linkKey", known.visibility as was`.execute(tx);
  const [row] = rows;
  if (!row) throw socialErrors.piece_not_found({});
  await emit(tx, pieceChanged, {
    pieceId: id,
    kind: row.kind,
    rootId: id,
    state: row.state,
    isOpened: true,
  });
  if (OPENNESS[visibility] < OPENNESS[row.was]) await emit(tx, pieceClosed, { rootId: id, kind: row.kind });
  return { linkKey: row.linkKey };
}

const OPENNESS: Record<SocialVisibility, number> = { secret: 0, unlisted: 1, public: 2 };

/** Tells whoever keeps something of a piece that it says something else now. */
export async function wordsChanged(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<Changed>`
    select id, kind, root_id as "rootId", state from social.piece where id = ${id} and state = 'live'`.execute(
    tx,
  );
  for (const each of rows) await tell(tx, each);
}

const newKey = () => randomBytes(18).toString('base64url');

interface Changed {
  id: string;
  kind: SocialPieceKind;
  rootId: string;
  state: SocialPieceState;
}

const tell = (tx: Tx, { id, kind, rootId, state }: Changed) =>
  emit(tx, pieceChanged, { pieceId: id, kind, rootId, state });
