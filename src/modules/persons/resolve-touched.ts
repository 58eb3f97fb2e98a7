import { sql } from 'kysely';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type Part, partAround } from './graph.ts';
import { own } from './own.ts';
import { sendOverrides } from './overrides.ts';

const TOUCHED_AT_ONCE = 500;

/** Job: whatever has changed, and nothing else, is resolved anew; then ClickHouse hears whose a node is now. */
export async function resolveTouched(deps: Pick<Deps, 'db' | 'clickhouse'>): Promise<void> {
  while ((await inTransaction(deps.db, (tx) => resolveSome(tx))) > 0);
  await sendOverrides(deps);
}

/** One at a time: two that resolve parts which meet would each miss the other's. Nobody who writes evidence waits for it. */
export const lockGraph = (tx: Tx) =>
  sql`select pg_advisory_xact_lock(hashtextextended('persons.graph', 0))`.execute(tx);

/** Answers how many changes there were. */
export async function resolveSome(tx: Tx): Promise<number> {
  await lockGraph(tx);
  const { rows } = await sql<{ id: string }>`
    delete from persons.touched where id in (select id from persons.touched order by id limit ${TOUCHED_AT_ONCE})
    returning node_id as id`.execute(tx);
  if (rows.length > 0)
    await keepResolved(
      tx,
      await partAround(
        tx,
        rows.map(({ id }) => id),
      ),
    );
  return rows.length;
}

async function keepResolved(tx: Tx, { nodes, resolved: { personOf, shared } }: Part): Promise<void> {
  const regrouped = regroupedIn(nodes, personOf);
  const changed = nodes.flatMap((node) => {
    const [personId = node.id, isShared] = [personOf.get(node.id), shared.has(node.id)];
    const isSame = personId === node.personId && isShared === node.wasShared;
    return isSame ? [] : [{ id: node.id, personId, isShared, isMoved: personId !== node.personId }];
  });
  if (changed.length === 0) return;
  await sql`
    update persons.node set person_id = n.person_id, is_shared = n.is_shared
    from unnest(${changed.map(({ id }) => id)}::uuid[], ${changed.map(({ personId }) => personId)}::uuid[],
      ${changed.map(({ isShared }) => isShared)}::boolean[]) as n (id, person_id, is_shared)
    where node.id = n.id`.execute(tx);
  const moved = changed.filter(({ isMoved }) => isMoved);
  if (moved.length === 0) return;
  await own(tx)
    .insertInto('persons.override_waiting')
    .values(
      moved.map(({ id, personId }) => ({ node_id: id, person_id: personId, regroups: regrouped.has(id) })),
    )
    .execute();
}

/** Customers who are one person with other customers than before. A person who is only called otherwise is the same. */
function regroupedIn(nodes: Part['nodes'], personOf: ReadonlyMap<string, string>): Set<string> {
  const customers = nodes.filter(({ kind }) => kind === 'customer');
  const before = Map.groupBy(customers, ({ id, personId }) => personId ?? id);
  const after = Map.groupBy(customers, ({ id }) => personOf.get(id));
  const idsOf = (group: Part['nodes'] = []) => new Set(group.map(({ id }) => id));
  const isSame = ({ id, personId }: Part['nodes'][number]) => {
    const [was, is] = [idsOf(before.get(personId ?? id)), idsOf(after.get(personOf.get(id)))];
    return was.size === is.size && [...was].every((each) => is.has(each));
  };
  return new Set(customers.filter((node) => !isSame(node)).map(({ id }) => id));
}
