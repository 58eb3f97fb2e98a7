import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from './db.ts';

/** A place in the order of committed transactions: the transaction, and the number of a row in it. */
export interface LedgerPlace {
  position: string;
  number: string;
}

/** A table whose rows say by which transaction they were committed (`committed_by`). */
interface ToldTable {
  table: string;
  /** The column that numbers its rows. */
  number?: 'id' | 'told_number';
  /** The column that says when a row was written. */
  at: string;
}

/**
 * How a ledger is followed that lies in one table, or in several that are numbered together. Rows are passed on only of
 * transactions below the oldest one that still runs: nothing can be committed among them any more. The names are of our own
 * code, and stand in the text of the statements.
 */
export function toldLedger(...tables: readonly ToldTable[]) {
  const nextOf = ({ table, number = 'id' }: ToldTable) => `(
    select committed_by, ${number} as number from ${table}
    where (committed_by, ${number}) > ($1::xid8, $2::bigint) and committed_by < pg_snapshot_xmin(pg_current_snapshot())
    order by committed_by, ${number} limit $3)`;
  const reach = `
    select last.committed_by::text as position, last.number::text as number from (
      select * from (${tables.map(nextOf).join(' union all ')}) as each order by committed_by, number limit $3
    ) as last order by last.committed_by desc, last.number desc limit 1`;
  return {
    /** Where so many rows after a place reach to; undefined when there are none. */
    reachesTo: async (
      connection: pg.ClientBase,
      after: LedgerPlace,
      count: number,
    ): Promise<LedgerPlace | undefined> => {
      const { rows } = await connection.query<LedgerPlace>(reach, [after.position, after.number, count]);
      return rows[0];
    },
    /** Since when a row waits to be taken, also one that is not to be passed on yet; undefined when none does. */
    waitingSince: async (db: Db, after: LedgerPlace): Promise<Date | undefined> => {
      const firsts = tables.map(({ table, number = 'id', at }) => {
        const [key, from] = [sql.ref(number), sql.table(table)];
        return sql`(
          select ${sql.ref(at)} from ${from}
          where (committed_by, ${key}) > (${after.position}::xid8, ${after.number}::bigint)
          order by committed_by, ${key} limit 1)`;
      });
      const { rows } = await sql<{ since: Date | null }>`select least(${sql.join(firsts)}) as since`.execute(
        db,
      );
      return rows[0]?.since ?? undefined;
    },
  };
}
