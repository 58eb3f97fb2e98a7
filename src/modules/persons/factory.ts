import { randomUUID } from 'node:crypto';
import { inTransaction, type Db } from '#platform/db.ts';
import { addEvidence, type Evidence } from './evidence.ts';
import { resolveSome } from './resolve-touched.ts';
import { nodeId, type PersonNode } from './nodes.ts';
import { own } from './own.ts';

export { undoEvidence } from './evidence.ts';
export { customerNode, memberNode, type PersonNode } from './nodes.ts';
export { resolveTouched } from './resolve-touched.ts';

export const aDevice = (value: string = randomUUID()): PersonNode => ({
  kind: 'anonymous',
  scope: '00000000-0000-4000-8000-000000000001',
  value,
});

export const someEvidence = (from: PersonNode, to: PersonNode, more: Partial<Evidence> = {}): Evidence => ({
  id: randomUUID(),
  kind: 'sign_in',
  from,
  to,
  isStrong: true,
  saidBy: 'a test',
  seenAt: new Date('2026-05-01T10:00:00Z'),
  ...more,
});

/** Written and resolved. */
export async function resolved(db: Db, ...evidence: Evidence[]): Promise<void> {
  await inTransaction(db, (tx) => addEvidence(tx, evidence));
  await inTransaction(db, (tx) => resolveSome(tx));
}

/** Whose each of the nodes is. */
export async function personsOf(db: Db, ...nodes: PersonNode[]): Promise<(string | null | undefined)[]> {
  const ids = nodes.map(nodeId);
  const rows = await own(db)
    .selectFrom('persons.node')
    .select(['id', 'person_id'])
    .where('id', 'in', ids)
    .execute();
  const personOf = new Map(rows.map(({ id, person_id: person }) => [id, person]));
  return ids.map((id) => personOf.get(id));
}
