import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { PLANNED_EACH_TIME } from '#platform/prepared-statements.ts';

const AT_ONCE = 200;

/**
 * The rows of a statement, some at a time, however many there are: within one transaction, so that all that is read in it
 * is of one moment. `name` is the statement's own.
 */
export async function* rowsOf<Row>(
  tx: Db,
  name: string,
  statement: RawBuilder<Row>,
): AsyncGenerator<Row, void, void> {
  const cursor = sql.id(`own_${name}`);
  await sql`${sql.raw(PLANNED_EACH_TIME)} declare ${cursor} no scroll cursor for ${statement}`.execute(tx);
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.raw(String(AT_ONCE))} from ${cursor}`.execute(tx);
    yield* rows;
    if (rows.length < AT_ONCE) break;
  }
  await sql`close ${cursor}`.execute(tx);
}
