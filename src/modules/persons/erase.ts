import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { neighboursIn } from './components.ts';
import { partAround } from './graph.ts';
import { memberNode, nodeId } from './nodes.ts';
import { own } from './own.ts';
import { lockGraph, UUID } from './resolve-touched.ts';

/**
 * The member, and all that stood for nobody else. What others use too stays theirs to use, and is joined to none of them
 * from now on: what was done on it may have been done by whoever is gone.
 */
export async function erasePersons(tx: Tx, memberId: string): Promise<void> {
  await lockGraph(tx);
  const id = nodeId(memberNode(memberId));
  const { nodes, edges, resolved } = await partAround(tx, [id]);
  const personId = resolved.personOf.get(id);
  if (personId === undefined) return;
  const near = neighboursIn(edges);
  const others = new Set(
    nodes.filter((node) => node.kind === 'member' && node.id !== id).map((node) => node.id),
  );
  const inPerson = nodes.filter((node) => resolved.personOf.get(node.id) === personId);
  const isAlone = !inPerson.some((node) => others.has(node.id));
  const gone = inPerson
    .filter((node) => {
      if (node.id === id) return true;
      const at = near.get(node.id) ?? new Set<string>();
      const isOthers = [...at].some((each) => others.has(each));
      return !isOthers && (isAlone || (node.kind !== 'member' && at.has(id)));
    })
    .map((node) => node.id);
  const left = [...(near.get(id) ?? [])].filter((each) => !gone.includes(each) && !others.has(each));
  await deleteNodes(tx, gone, left);
}

async function deleteNodes(tx: Tx, gone: readonly string[], left: readonly string[]): Promise<void> {
  // Whoever writes evidence of one of them at this moment is waited for, or finds it gone.
  await sql`select from persons.node where id = any(${gone}::uuid[]) order by id for update`.execute(tx);
  const { rows } = await sql<{ id: string; other: string }>`
    select id, case when from_node = any(${gone}::uuid[]) then to_node else from_node end as other from persons.evidence
    where from_node = any(${gone}::uuid[]) or to_node = any(${gone}::uuid[])`.execute(tx);
  const evidence = rows.map((row) => row.id);
  await sql`delete from persons.undoing where evidence_id = any(${evidence}::uuid[])`.execute(tx);
  await sql`delete from persons.evidence where id = any(${evidence}::uuid[])`.execute(tx);
  if (left.length > 0)
    await own(tx).updateTable('persons.node').set({ stays_shared: true }).where('id', 'in', left).execute();
  await sql`
    with gone as (delete from persons.node where id = any(${gone}::uuid[]) returning id, kind, value)
    insert into persons.override_waiting (node_id, customer_id)
    select id, case when kind = 'customer' and value ~ ${UUID} then value::uuid end from gone`.execute(tx);
  const touched = [...new Set(rows.map((row) => row.other))].filter((other) => !gone.includes(other));
  await sql`delete from persons.touched where node_id = any(${gone}::uuid[])`.execute(tx);
  await sql`insert into persons.touched (node_id) select unnest(${touched}::uuid[])`.execute(tx);
  await addJob(tx, 'persons.resolve', {}, 'all');
}
