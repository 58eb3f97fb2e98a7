import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { SafetyCause } from './tables.ts';

/** What a moderator may have to look at. */
export type Subject = { pieceId: string } | { profileId: string };

/** What an appeal weighs: somebody waits for it who was told that they may. */
export const APPEAL_URGENCY = 10;
/** What our own checks and signals weigh: less than a grave report, more than one of spam by somebody new. */
export const CHECK_URGENCY = 3;

/**
 * Puts something into the queue, or makes it more pressing where it waits already. `isNews` makes whoever looks at it
 * look again before they act.
 */
export async function raise(
  tx: Tx,
  subject: Subject,
  { cause, urgency, isNews = false }: { cause: SafetyCause; urgency: number; isNews?: boolean },
  now: Date,
): Promise<string> {
  const [column, id] =
    'pieceId' in subject
      ? (['piece_id', subject.pieceId] as const)
      : (['profile_id', subject.profileId] as const);
  const { rows } = await sql<{ id: string }>`
    insert into safety.concern as known (id, ${sql.ref(column)}, is_open, causes, urgency, opened_at)
    values (${newId(now.getTime())}, ${id}, true, array[${cause}]::safety.cause[], ${urgency}, ${now})
    on conflict (${sql.ref(column)}) do update set is_open = true,
      causes = case when ${cause} = any (known.causes) then known.causes else known.causes || ${cause}::safety.cause end,
      urgency = known.urgency + excluded.urgency,
      opened_at = case when known.is_open then known.opened_at else excluded.opened_at end,
      version = known.version + case when known.is_open and not ${isNews} then 0 else 1 end
    returning id`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('a concern was neither made nor found');
  return row.id;
}

/** What its maker deleted needs no moderator any more, and nothing is kept of what its words were like. */
export async function forgetDeleted(tx: Tx, pieceId: string): Promise<void> {
  await sql`delete from safety.fingerprint where piece_id = ${pieceId}`.execute(tx);
  await sql`delete from safety.picture_seen where subject_id = ${pieceId}`.execute(tx);
  await sql`delete from safety.picture_task where subject_id = ${pieceId}`.execute(tx);
  await sql`
    update safety.concern set is_open = false, causes = '{}', urgency = 0, version = version + 1
    from social.piece where piece.id = piece_id and piece_id = ${pieceId} and is_open and piece.state = 'deleted'`.execute(
    tx,
  );
}

export interface Concern {
  id: string;
  /** The piece's kind, or `profile`. */
  kind: string;
  pieceId: string | null;
  /** Whose it is; none where they have no account. */
  ownerId: string | null;
  /** Of a piece: where it stands. */
  state: string | null;
  withinId: string | null;
  rootId: string | null;
  visibility: string | null;
  isOpen: boolean;
  causes: SafetyCause[];
  urgency: number;
  openedAt: Date;
  version: number;
}

export const CONCERN_COLUMNS = sql`concern.id, coalesce(piece.kind::text, 'profile') as kind, piece_id as "pieceId",
  coalesce(piece.owner_id, profile_id) as "ownerId", piece.state, piece.within_id as "withinId", piece.root_id as "rootId",
  root.visibility, is_open as "isOpen", causes::text[] as causes, urgency, opened_at as "openedAt", version`;
export const CONCERN_TABLES = sql`safety.concern left join social.piece on piece.id = concern.piece_id
  left join social.piece as root on root.id = piece.root_id`;

export async function concernById(db: Db, id: string): Promise<Concern | undefined> {
  const { rows } = await sql<Concern>`
    select ${CONCERN_COLUMNS} from ${CONCERN_TABLES} where concern.id = ${id}`.execute(db);
  return rows[0];
}
