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
      .select(['id', 'node_id as nodeId', 'person_id as personId', 'regroups'])
      .orderBy('id')
      .limit(ROWS_MAX)
      .execute();
    if (rows.length === 0) return;
    const last = new Map(rows.map((row) => [row.nodeId, row]));
    const [kept, gone] = [
      [...last.values()].filter(({ personId }) => personId !== null),
      [...last.values()].filter(({ personId }) => personId === null),
    ];
    if (kept.length > 0)
      await clickhouse.insert({
        table: 'person_override',
        values: kept.map(({ id, nodeId, personId }) => ({
          node: inHex(nodeId),
          person_id: personId,
          version: id,
        })),
        format: 'JSONEachRow',
      });
    if (gone.length > 0)
      await deleteRows(clickhouse, 'person_override', {
        where: 'node in {nodes: Array(String)}',
        params: { nodes: gone.map(({ nodeId }) => inHex(nodeId)) },
      });
    const ids = rows.map(({ id }) => id);
    await inTransaction(db, async (tx) => {
      await own(tx).deleteFrom('persons.override_waiting').where('id', 'in', ids).execute();
      if (rows.some(({ regroups }) => regroups))
        await own(tx)
          .updateTable('persons.regrouping')
          .set((eb) => ({ number: eb('number', '+', 1) }))
          .execute();
    });
  }
}
