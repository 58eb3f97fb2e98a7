import { sql } from 'kysely';
import { recordPieces } from '#modules/social/index.ts';
import type { BulkTx } from '#platform/bulk.ts';

export interface RecordedPin {
  id: string;
  ownerId: string;
  sectionId?: string;
  productId: string;
  note: string;
  savedFrom?: string;
  addedAt: Date;
}

export interface RecordedBoard {
  id: string;
  ownerId: string;
  name: string;
  description: string;
  sections: readonly { id: string; name: string }[];
  /** As they stand on it. */
  pins: readonly RecordedPin[];
  madeAt: Date;
  changedAt: Date;
}

/** Enters public boards with their sections and pins in bulk; false where the first is there already. */
export async function recordBoards(bulk: BulkTx, boards: readonly RecordedBoard[]): Promise<boolean> {
  const { rows } = await sql`select from boards.board where id = ${boards[0]?.id ?? null}::uuid`.execute(
    bulk.tx,
  );
  if (rows.length > 0) return false;
  await recordPieces(
    bulk,
    boards.map(({ id, ownerId, madeAt }) => ({ id, kind: 'board' as const, ownerId, rootId: id, madeAt })),
  );
  await bulk.copy(
    'boards.board',
    ['id', 'name', 'description', 'pin_count', 'changed_at'],
    boards.map(({ id, name, description, pins, changedAt }) => [
      id,
      name,
      description,
      pins.length,
      changedAt,
    ]),
  );
  await bulk.copy(
    'boards.section',
    ['id', 'board_id', 'name', 'position'],
    boards.flatMap(({ id: boardId, sections }) =>
      sections.map(({ id, name }, position) => [id, boardId, name, position + 1]),
    ),
  );
  await recordPieces(
    bulk,
    boards.flatMap(({ id: boardId, pins }) =>
      pins.map(({ id, ownerId, addedAt }) => ({
        id,
        kind: 'pin' as const,
        ownerId,
        withinId: boardId,
        rootId: boardId,
        madeAt: addedAt,
      })),
    ),
  );
  await bulk.copy(
    'boards.pin',
    ['id', 'board_id', 'section_id', 'kind', 'product_id', 'note', 'position', 'saved_from', 'added_at'],
    boards.flatMap(({ id: boardId, pins }) =>
      pins.map(({ id, sectionId, productId, note, savedFrom, addedAt }, position) => [
        id,
        boardId,
        sectionId ?? null,
        'product',
        productId,
        note,
        position + 1,
        savedFrom ?? null,
        addedAt,
      ]),
    ),
  );
  return true;
}
