import { randomUUID } from 'node:crypto';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { aMember } from '../identity/factory.ts';
import { variantFor } from './assign.ts';
import { type Plan, putExperiment, takeStep } from './experiments.ts';

export const HALVES = (first: string, other: string): Plan['variants'] => [
  { choice: first, weight: 5000 },
  { choice: other, weight: 5000 },
];

export const aPlan = (ownerId: string, more: Partial<Plan> = {}): Plan & { id: string } => ({
  id: randomUUID(),
  key: `try-${randomUUID()}`,
  title: 'Newest first',
  hypothesis: 'Who comes back looks for what is new',
  ownerId,
  seam: 'list_order',
  variants: HALVES('popularity', 'newest'),
  countries: [],
  outcome: 'conversion',
  guardrails: [],
  plannedUnits: 10_000,
  ...more,
});

/** An experiment that runs, of somebody of the team. */
export async function anExperiment(deps: Deps, more: Partial<Plan> = {}): Promise<Plan & { id: string }> {
  const { memberId: ownerId } = await aMember(deps, ['merchant']);
  const plan = aPlan(ownerId, more);
  await inTransaction(deps.db, (tx) => putExperiment(tx, 'system', plan, deps.now()));
  await step(deps, plan.id, 'started');
  return plan;
}

export const step = (
  deps: Deps,
  experimentId: string,
  kind: 'started' | 'stopped' | 'decided',
  chosen: string | null = null,
): Promise<void> =>
  inTransaction(deps.db, (tx) =>
    takeStep(tx, 'system', { id: randomUUID(), experimentId, kind, chosen, reason: '' }, deps.now()),
  );

/** A number that is dealt this variant, as one of a browser or of a cart would be. */
export function aUnitOf({ id, variants }: Pick<Plan, 'variants'> & { id: string }, variant: number): string {
  const weights = variants.map(({ weight }) => weight);
  for (;;) {
    const unit = randomUUID();
    if (variantFor(id, unit, weights) === variant) return unit;
  }
}
