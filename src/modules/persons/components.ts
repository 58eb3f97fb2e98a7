import type { NodeKind } from './nodes.ts';

export interface GraphNode {
  id: string;
  kind: NodeKind;
  value: string;
  /** It joins nothing, whatever is said. */
  staysShared: boolean;
}

export interface GraphEdge {
  id: string;
  kind: 'sign_in' | 'order' | 'link_click' | 'match';
  from: string;
  to: string;
  isStrong: boolean;
  /** Milliseconds. */
  seenAt: number;
}

/** So many members, or so many things of any kind, at one node: it is a counter's tablet, not somebody's telephone. */
export const MEMBERS_MAX = 20;
export const NEIGHBOURS_MAX = 50;

export interface Resolved {
  personOf: Map<string, string>;
  shared: Set<string>;
}

/**
 * Who is one person, from evidence alone: the same whatever the order in which it came.
 *
 * Members are one person only by a strong match of the two. What more than one such person signs in on is shared, and joins
 * nothing. All else joins by the strongest, then the oldest evidence, unless two members who are not the same would meet.
 */
export function resolve(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Resolved {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = edges.filter(({ from, to }) => byId.has(from) && byId.has(to)).toSorted(inOrder);
  const isMember = (id: string) => byId.get(id)?.kind === 'member';
  const sets = new Sets(byId.keys());
  for (const { kind, isStrong, from, to } of known) {
    if (kind === 'match' && isStrong && isMember(from) && isMember(to)) sets.join(from, to);
  }
  const shared = sharedIn(nodes, known, isMember, (id) => sets.rootOf(id));
  const memberIn = new Map<string, string>(); // of a set's root, the root of its members
  for (const { id } of nodes) if (isMember(id)) memberIn.set(sets.rootOf(id), sets.rootOf(id));
  for (const { from, to } of known) {
    if (shared.has(from) || shared.has(to)) continue;
    const [a, b] = [sets.rootOf(from), sets.rootOf(to)];
    const [theirs, others] = [memberIn.get(a), memberIn.get(b)];
    if (a === b || (theirs !== undefined && others !== undefined)) continue;
    sets.join(a, b);
    const member = theirs ?? others;
    if (member !== undefined) memberIn.set(sets.rootOf(a), member);
  }
  return { personOf: named(nodes, sets), shared };
}

const inOrder = (a: GraphEdge, b: GraphEdge) =>
  Number(b.isStrong) - Number(a.isStrong) || a.seenAt - b.seenAt || (a.id < b.id ? -1 : 1);

function sharedIn(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  isMember: (id: string) => boolean,
  rootOf: (id: string) => string,
): Set<string> {
  const at = neighboursIn(edges);
  const isShared = ({ id, staysShared }: GraphNode): boolean => {
    const near = at.get(id) ?? new Set();
    const members = [...near].filter(isMember);
    return staysShared || isCrowded(members.length, near.size) || new Set(members.map(rootOf)).size > 1;
  };
  return new Set(nodes.filter((node) => !isMember(node.id) && isShared(node)).map(({ id }) => id));
}

export const isCrowded = (members: number, neighbours: number): boolean =>
  members > MEMBERS_MAX || neighbours > NEIGHBOURS_MAX;

export function neighboursIn(edges: readonly Pick<GraphEdge, 'from' | 'to'>[]): Map<string, Set<string>> {
  const at = new Map<string, Set<string>>();
  const add = (one: string, other: string) => at.set(one, (at.get(one) ?? new Set()).add(other));
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  return at;
}

/** A person with an account is called by it, the smallest of several; another by the smallest of its nodes. */
function named(nodes: readonly GraphNode[], sets: Sets): Map<string, string> {
  const names = new Map<string, { isMember: boolean; name: string }>();
  for (const { id, kind, value } of nodes) {
    const root = sets.rootOf(id);
    const own = { isMember: kind === 'member', name: kind === 'member' ? value : id };
    const best = names.get(root);
    const isBetter = !best || (own.isMember === best.isMember ? own.name < best.name : own.isMember);
    if (isBetter) names.set(root, own);
  }
  return new Map(nodes.map(({ id }) => [id, names.get(sets.rootOf(id))?.name ?? id]));
}

/** Union-find. */
class Sets {
  readonly #above = new Map<string, string>();

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.#above.set(id, id);
  }

  rootOf(id: string): string {
    let root = id;
    for (
      let above = this.#above.get(root);
      above !== undefined && above !== root;
      above = this.#above.get(root)
    )
      root = above;
    for (let each = id; each !== root;) {
      const above = this.#above.get(each) ?? root;
      this.#above.set(each, root);
      each = above;
    }
    return root;
  }

  join(one: string, other: string): void {
    this.#above.set(this.rootOf(other), this.rootOf(one));
  }
}
