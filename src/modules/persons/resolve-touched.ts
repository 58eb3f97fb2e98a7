import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type Part, partAround } from './graph.ts';
import { own } from './own.ts';
import { sendOverrides } from './overrides.ts';

const TOUCHED_AT_ONCE = 500;
/** As customers are named in the ledgers. Evidence may name others. */
export const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const ID = new RegExp(UUID);

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
  const grouped = groupedIn(nodes, personOf);
  const changed = nodes.flatMap((node) => {
    const [personId = node.id, isShared] = [personOf.get(node.id), shared.has(node.id)];
    const isMoved = personId !== node.personId;
    const isSame = !isMoved && isShared === node.wasShared;
    const { customerId, isAlone } = grouped.get(node.id) ?? { customerId: null, isAlone: false };
    return isSame && !customerId ? [] : [{ id: node.id, personId, isShared, isMoved, customerId, isAlone }];
  });
  if (changed.length === 0) return;
  await sql`
    update persons.node set person_id = n.person_id, is_shared = n.is_shared
    from unnest(${changed.map(({ id }) => id)}::uuid[], ${changed.map(({ personId }) => personId)}::uuid[],
      ${changed.map(({ isShared }) => isShared)}::boolean[]) as n (id, person_id, is_shared)
    where node.id = n.id and (node.person_id, node.is_shared) is distinct from (n.person_id, n.is_shared)`.execute(
    tx,
  );
  const told = changed.filter(({ isMoved, customerId }) => isMoved || customerId);
  if (told.length === 0) return;
  await own(tx)
    .insertInto('persons.override_waiting')
    .values(
      told.map(({ id, personId, customerId, isAlone }) => ({
        node_id: id,
        person_id: personId,
        customer_id: customerId,
        is_alone: isAlone,
      })),
    )
    .execute();
}

/**
 * By node, customers who are one person with other customers than before, or called otherwise with them. Whoever was alone and
 * still is has nothing to be told: they are called by their own number, not by their person's, which others may come to.
 */
function groupedIn(
  nodes: Part['nodes'],
  personOf: ReadonlyMap<string, string>,
): Map<string, { customerId: string; isAlone: boolean }> {
  const customers = nodes.filter(({ kind, value }) => kind === 'customer' && ID.test(value));
  const before = Map.groupBy(customers, ({ id, personId }) => personId ?? id);
  const after = Map.groupBy(customers, ({ id }) => personOf.get(id));
  const namesOf = (group: Part['nodes'] = []) => group.map(({ id }) => id).toSorted();
  return new Map(
    customers.flatMap(({ id, value, personId }) => {
      const [was, is] = [namesOf(before.get(personId ?? id)), namesOf(after.get(personOf.get(id)))];
      const isAlone = is.length < 2;
      const isSame = personId === personOf.get(id) && isDeepStrictEqual(was, is);
      if (isSame || (isAlone && was.length < 2)) return [];
      return [[id, { customerId: value, isAlone }] as const];
    }),
  );
}
