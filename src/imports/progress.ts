import { sql } from 'kysely';
import type { BulkTx } from '#platform/bulk.ts';
import type { Db, Tx } from '#platform/db.ts';

export interface Run {
  id: string;
  source: string;
  fileName: string;
  rowCount: number;
}

/** Notes that a run began, or began again. */
export async function beginRun(tx: Tx, { id, source, fileName, rowCount }: Run): Promise<void> {
  await sql`
    insert into imports.run (id, source, file_name, row_count)
    values (${id}, ${source}, ${fileName}, ${rowCount}) on conflict (id) do nothing`.execute(tx);
}

/**
 * Keeps a second process from the same run until this connection ends. Not a lock of the transaction: the
 * run is many of them.
 */
export async function holdRun(tx: Tx, runId: string): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_lock(hashtextextended(${`imports.run ${runId}`}, 0)) as held`.execute(tx);
  return rows[0]?.held ?? false;
}

/** Which batches are written, and when the run was finished if it was. */
export async function writtenBatches(db: Db, runId: string) {
  const { rows } = await sql<{ position: number }>`
    select position from imports.batch where run_id = ${runId}`.execute(db);
  const { rows: runs } = await sql<{ finished_at: Date | null }>`
    select finished_at from imports.run where id = ${runId}`.execute(db);
  return {
    positions: new Set(rows.map(({ position }) => position)),
    finishedAt: runs[0]?.finished_at ?? undefined,
  };
}

/**
 * Does not wait for the disk at this commit. A machine that stops loses the batch with its note, and the next run
 * writes it; `finishRun` waits, and with it is everything before it on the disk.
 */
export async function commitLater({ tx }: BulkTx): Promise<void> {
  await sql`set local synchronous_commit = off`.execute(tx);
}

/** In the transaction that writes the batch: both are there, or neither. */
export async function noteBatch(
  { tx }: BulkTx,
  runId: string,
  { position, documents, recorded }: { position: number; documents: number; recorded: number },
): Promise<void> {
  await sql`
    insert into imports.batch (run_id, position, document_count, recorded_count)
    values (${runId}, ${position}, ${documents}, ${recorded})`.execute(tx);
}

/** Ends a run. Answers how many of its documents were new, over all the times it was begun. */
export async function finishRun(tx: Tx, runId: string): Promise<{ recorded: number; alreadyHere: number }> {
  await sql`
    update imports.run set finished_at = now(),
      batch_count = (select count(*) from imports.batch where run_id = ${runId})
    where id = ${runId} and finished_at is null`.execute(tx);
  const { rows } = await sql<{ documents: number; recorded: number }>`
    select coalesce(sum(document_count), 0)::bigint as documents, coalesce(sum(recorded_count), 0)::bigint as recorded
    from imports.batch where run_id = ${runId}`.execute(tx);
  const { documents = 0, recorded = 0 } = rows[0] ?? {};
  return { recorded, alreadyHere: documents - recorded };
}
