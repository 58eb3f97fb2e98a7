import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './db.ts';

/**
 * A module's part of a statement that several modules write together: a statement costs its way to the database and back,
 * whatever it does. `changes` are named after the module, so that no two have the same name. None of them
 * sees what another one writes but by its `returning`; keys are checked when all is written.
 */
export interface Part {
  /** Each `name as (insert …)`. */
  changes: readonly RawBuilder<unknown>[];
  /** What is only called. */
  calls?: readonly RawBuilder<unknown>[];
}

export async function writeTogether(tx: Tx, parts: readonly Part[]): Promise<void> {
  const changes = parts.flatMap((part) => part.changes);
  const calls = parts.flatMap((part) => part.calls ?? []);
  await sql`with ${sql.join(changes, sql`, `)} select ${calls.length > 0 ? sql.join(calls) : sql``}`.execute(
    tx,
  );
}
