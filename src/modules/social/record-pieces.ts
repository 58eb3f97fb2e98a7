import type { BulkTx } from '#platform/bulk.ts';
import type { SocialPieceKind } from './tables.ts';

/** A public, live piece of the past. */
export interface RecordedPiece {
  id: string;
  ownerId: string | null;
  madeAt: Date;
}

/** Enters pieces by COPY, none of which is there; nobody is told of what was made long ago. */
export async function recordPieces(
  bulk: BulkTx,
  kind: SocialPieceKind,
  pieces: readonly RecordedPiece[],
): Promise<void> {
  await bulk.copy(
    'social.piece',
    ['id', 'kind', 'owner_id', 'root_id', 'visibility', 'state', 'made_at'],
    Iterator.from(pieces).map(({ id, ownerId, madeAt }) => [id, kind, ownerId, id, 'public', 'live', madeAt]),
  );
}
