import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { type Actor, record, standingMembers } from '../identity/index.ts';
import { personsErrors } from './errors.ts';
import { nodeId, type PersonNode } from './nodes.ts';
import { own } from './own.ts';
import type { DB } from './tables.ts';

export type EvidenceKind = DB['persons.evidence']['kind'];

export interface Evidence {
  id: string;
  kind: EvidenceKind;
  from: PersonNode;
  to: PersonNode;
  isStrong: boolean;
  saidBy: string;
  seenAt: Date;
}

/** Sorted, as all evidence is kept: it has no direction. */
const endsOf = ({ from, to }: Evidence) => {
  const ids = [nodeId(from), nodeId(to)].toSorted();
  return { from_node: ids[0] ?? '', to_node: ids[1] ?? '' };
};

/**
 * Writes what is new, and leaves the rest to the job that resolves it. What names a member who is gone is dropped: clients
 * speak of them for months. Answers the ids that were new.
 */
export async function addEvidence(tx: Tx, given: readonly Evidence[]): Promise<Set<string>> {
  const members = given.flatMap(({ from, to }) =>
    [from, to].flatMap(({ kind, value }) => (kind === 'member' ? [value] : [])),
  );
  const standing = await standingMembers(tx, members);
  const isStanding = ({ kind, value }: PersonNode) => kind !== 'member' || standing.has(value);
  const fresh = given.filter((each) => isStanding(each.from) && isStanding(each.to));
  if (fresh.length === 0) return new Set();
  const nodes = new Map(
    fresh.flatMap(({ from, to, seenAt }) =>
      [from, to].map((node) => [nodeId(node), { id: nodeId(node), ...node, seen_at: seenAt }] as const),
    ),
  );
  await own(tx)
    .insertInto('persons.node')
    .values([...nodes.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const rows = fresh
    .map((each) => {
      const { id, kind, isStrong, saidBy, seenAt } = each;
      return { id, kind, ...endsOf(each), is_strong: isStrong, said_by: saidBy, seen_at: seenAt };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const added = await own(tx)
    .insertInto('persons.evidence')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(['id', 'from_node', 'to_node'])
    .execute();
  await touch(
    tx,
    added.flatMap(({ from_node, to_node }) => [from_node, to_node]),
  );
  return new Set(added.map(({ id }) => id));
}

/** One piece, as a caller gives it. The same id with the same words is a retry. */
export async function giveEvidence(tx: Tx, evidence: Evidence): Promise<void> {
  const ends = endsOf(evidence);
  if (ends.from_node === ends.to_node) throw personsErrors.same_node({});
  const added = await addEvidence(tx, [evidence]);
  if (added.has(evidence.id)) return;
  const known = await own(tx)
    .selectFrom('persons.evidence')
    .select(['kind', 'from_node', 'to_node', 'is_strong'])
    .where('id', '=', evidence.id)
    .executeTakeFirst();
  if (!known) throw personsErrors.member_unknown({});
  const isSame =
    known.kind === evidence.kind &&
    known.is_strong === evidence.isStrong &&
    known.from_node === ends.from_node &&
    known.to_node === ends.to_node;
  if (!isSame) throw personsErrors.evidence_differs({});
}

/** It joins nothing from now on, and stays in the ledger. Undoing it again changes nothing. */
export async function undoEvidence(tx: Tx, actor: Actor, id: string, at: Date): Promise<void> {
  const evidence = await own(tx)
    .selectFrom('persons.evidence')
    .select(['from_node', 'to_node'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!evidence) throw personsErrors.evidence_not_found({});
  const undone = await own(tx)
    .insertInto('persons.undoing')
    .values({ evidence_id: id, undone_by: actor, undone_at: at })
    .onConflict((conflict) => conflict.column('evidence_id').doNothing())
    .returning('evidence_id')
    .executeTakeFirst();
  if (!undone) return;
  await touch(tx, [evidence.from_node, evidence.to_node]);
  await record(tx, actor, 'merge_undone', `evidence:${id}`);
}

export async function touch(tx: Tx, nodeIds: readonly string[]): Promise<void> {
  if (nodeIds.length === 0) return;
  await sql`insert into persons.touched (node_id) select unnest(${[...new Set(nodeIds)]}::uuid[])`.execute(
    tx,
  );
  await addJob(tx, 'persons.resolve', {}, 'all');
}

export interface NotedEvidence extends Omit<Evidence, 'from' | 'to'> {
  fromNode: string;
  toNode: string;
  undoneAt: Date | null;
}

const EVIDENCE_MAX = 1000;

/** All that was ever said of some nodes, the oldest first. */
export const evidenceAt = (db: Db, nodeIds: readonly string[]): Promise<NotedEvidence[]> =>
  own(db)
    .selectFrom('persons.evidence as e')
    .leftJoin('persons.undoing as u', 'u.evidence_id', 'e.id')
    .select(['e.id', 'e.kind', 'e.from_node as fromNode', 'e.to_node as toNode', 'e.is_strong as isStrong'])
    .select(['e.said_by as saidBy', 'e.seen_at as seenAt', 'u.undone_at as undoneAt'])
    .where((eb) => eb.or([eb('e.from_node', 'in', nodeIds), eb('e.to_node', 'in', nodeIds)]))
    .orderBy('e.seen_at')
    .orderBy('e.id')
    .limit(EVIDENCE_MAX)
    .execute();
