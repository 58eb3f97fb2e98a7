import { sql } from 'kysely';
import type { Eye } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { boardFor, nameFrom } from './board.ts';
import { boardErrors } from './errors.ts';
import { putAt, type Spot } from './place.ts';

export const SECTION_NAME_MAX = 60;
const SECTIONS_MAX = 100;

type MemberEye = Eye & { memberId: string };

/** A section at the end of the board; the same id again renames it. */
export async function putSection(
  tx: Tx,
  eye: MemberEye,
  section: { id: string; boardId: string; name: string },
  now: Date,
): Promise<void> {
  const { id, boardId } = section;
  await boardFor(tx, eye, boardId, ['owner', 'editor']);
  const name = nameFrom(section.name).slice(0, SECTION_NAME_MAX);
  const { numAffectedRows } = await sql`
    insert into boards.section as known (id, board_id, name, position)
    select ${id}, ${boardId}, ${name}, coalesce(max(position), 0) + 1 from boards.section where board_id = ${boardId}
    having count(*) < ${SECTIONS_MAX} or bool_or(id = ${id}::uuid)
    on conflict (id) do update set name = excluded.name where known.board_id = excluded.board_id`.execute(tx);
  if (numAffectedRows !== 1n) throw boardErrors.sections_too_many({ max: SECTIONS_MAX });
  await touch(tx, boardId, now);
}

/** Beside another section, or at the end. */
export async function moveSection(
  tx: Tx,
  eye: MemberEye,
  section: { id: string; boardId: string },
  spot: Spot,
): Promise<void> {
  await boardFor(tx, eye, section.boardId, ['owner', 'editor']);
  if (!(await putAt(tx, 'section', section, spot))) throw boardErrors.section_not_found({});
}

/** Its pins stay on the board, in no section. */
export async function deleteSection(
  tx: Tx,
  eye: MemberEye,
  { id, boardId }: { id: string; boardId: string },
  now: Date,
): Promise<void> {
  await boardFor(tx, eye, boardId, ['owner', 'editor']);
  await sql`update boards.pin set section_id = null where section_id = ${id} and board_id = ${boardId}`.execute(
    tx,
  );
  await sql`delete from boards.section where id = ${id} and board_id = ${boardId}`.execute(tx);
  await touch(tx, boardId, now);
}

export async function touch(tx: Tx, boardId: string, now: Date): Promise<void> {
  await sql`update boards.board set changed_at = ${now} where id = ${boardId}`.execute(tx);
}

export async function hasSection(db: Db, boardId: string, id: string): Promise<boolean> {
  const { rows } = await sql`select from boards.section where id = ${id} and board_id = ${boardId}`.execute(
    db,
  );
  return rows.length > 0;
}
