import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { type GraphEdge, type GraphNode, isCrowded, resolve, type Resolved } from './components.ts';
import { own } from './own.ts';

export interface StoredNode extends GraphNode {
  personId: string | null;
  wasShared: boolean;
}

export interface Part {
  nodes: StoredNode[];
  edges: GraphEdge[];
  resolved: Resolved;
}

/**
 * All of the graph that a change at some nodes can reach, resolved anew. It goes on through every node but those that were
 * crowded before and are still: they join nothing either way.
 */
export async function partAround(db: Db, nodeIds: Iterable<string>): Promise<Part> {
  const nodes = new Map<string, StoredNode>();
  const edges = new Map<string, GraphEdge>();
  const walls = new Set<string>();
  let frontier = [...new Set(nodeIds)];
  while (frontier.length > 0) {
    for (const node of await nodesOf(db, frontier)) nodes.set(node.id, node);
    const crowded = await crowdedAmong(db, frontier);
    for (const id of crowded) if (nodes.get(id)?.wasShared) walls.add(id);
    const found = await edgesAt(
      db,
      frontier.filter((id) => !walls.has(id)),
    );
    for (const edge of found) edges.set(edge.id, edge);
    const reached = found.flatMap(({ from, to }) => [from, to]);
    frontier = [...new Set(reached)].filter((id) => !nodes.has(id));
  }
  // Of a wall not all neighbours are here: that it is crowded is known already.
  const input = [...nodes.values()].map((node) =>
    walls.has(node.id) ? { ...node, staysShared: true } : node,
  );
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    resolved: resolve(input, [...edges.values()]),
  };
}

const nodesOf = (db: Db, ids: readonly string[]): Promise<StoredNode[]> =>
  own(db)
    .selectFrom('persons.node')
    .select(['id', 'kind', 'value', 'stays_shared as staysShared'])
    .select(['person_id as personId', 'is_shared as wasShared'])
    .where('id', 'in', ids)
    .execute();

async function edgesAt(db: Db, ids: readonly string[]): Promise<GraphEdge[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Omit<GraphEdge, 'seenAt'> & { seenAt: Date }>`
    select e.id, e.kind, e.from_node as "from", e.to_node as "to", e.is_strong as "isStrong", e.seen_at as "seenAt"
    from unnest(${ids}::uuid[]) as asked (id)
    cross join lateral (
      select * from persons.evidence where from_node = asked.id
      union all select * from persons.evidence where to_node = asked.id
    ) as e
    where not exists (select from persons.undoing where evidence_id = e.id)`.execute(db);
  return rows.map((row) => ({ ...row, seenAt: row.seenAt.getTime() }));
}

async function crowdedAmong(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string; members: number; neighbours: number }>`
    select asked.id, count(distinct near.id) as neighbours, count(distinct near.id) filter (where near.kind = 'member') as members
    from unnest(${ids}::uuid[]) as asked (id)
    cross join lateral (
      select id, to_node as other from persons.evidence where from_node = asked.id
      union all select id, from_node from persons.evidence where to_node = asked.id
    ) as e
    join persons.node as near on near.id = e.other
    where not exists (select from persons.undoing where evidence_id = e.id)
    group by asked.id`.execute(db);
  return rows.filter(({ members, neighbours }) => isCrowded(members, neighbours)).map(({ id }) => id);
}
