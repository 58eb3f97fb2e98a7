import type { ClickHouseClient } from '@clickhouse/client';
import { deleteRows } from '#platform/clickhouse.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { own } from './own.ts';

const ROWS_MAX = 10_000;

const inHex = (id: string) => id.replaceAll('-', '');

/**
 * Tells ClickHouse whose nodes are now, the last word of each. Sent twice it is the same: of several rows the one with the
 * highest number counts. What is gone is rewritten away, not only hidden.
 */
export async function sendOverrides({ db, clickhouse }: Pick<Deps, 'db' | 'clickhouse'>): Promise<void> {
  for (;;) {
    const rows = await own(db)
      .selectFrom('persons.override_waiting')
      .select([
        'id',
        'node_id as nodeId',
        'person_id as personId',
        'customer_id as customerId',
        'is_alone as isAlone',
      ])
      .orderBy('id')
      .limit(ROWS_MAX)
      .execute();
    if (rows.length === 0) return;
    await tell(
      clickhouse,
      { table: 'person_override', key: 'node', type: 'String' },
      rows.map((row) => ({ ...row, key: inHex(row.nodeId) })),
    );
    const customers = rows.flatMap(({ id, customerId, personId, isAlone }) =>
      customerId ? [{ id, key: customerId, personId: isAlone ? customerId : personId }] : [],
    );
    await tell(clickhouse, { table: 'customer_person', key: 'customer_id', type: 'UUID' }, customers);
    const ids = rows.map(({ id }) => id);
    await inTransaction(db, async (tx) => {
      await own(tx).deleteFrom('persons.override_waiting').where('id', 'in', ids).execute();
      if (customers.length > 0)
        await own(tx)
          .updateTable('persons.regrouping')
          .set((eb) => ({ number: eb('number', '+', 1) }))
          .execute();
    });
  }
}

interface Told {
  id: number;
  key: string;
  /** Null of what is gone. */
  personId: string | null;
}

async function tell(
  clickhouse: ClickHouseClient,
  { table, key, type }: { table: string; key: string; type: 'String' | 'UUID' },
  rows: readonly Told[],
): Promise<void> {
  const last = [...new Map(rows.map((row) => [row.key, row])).values()];
  const kept = last.filter(({ personId }) => personId !== null);
  const gone = last.filter(({ personId }) => personId === null);
  if (kept.length > 0)
    await clickhouse.insert({
      table,
      values: kept.map((row) => ({ [key]: row.key, person_id: row.personId, version: row.id })),
      format: 'JSONEachRow',
    });
  if (gone.length > 0)
    await deleteRows(clickhouse, table, {
      where: `${key} in {keys: Array(${type})}`,
      params: { keys: gone.map((row) => row.key) },
    });
}
