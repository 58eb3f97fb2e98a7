import { newId } from '#platform/ids.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { outcomesOfExperiment } from '#read/experiment-outcomes.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import {
  alertOwner,
  type Experiment,
  experimentById,
  experiments,
  keepLook,
  leastRatio,
  resultsOf,
  takeStep,
} from './modules/experiments/index.ts';

export const LOOK_AT_EXPERIMENTS = 'experiments.look';
const RUNNING_MAX = 100;

type Needs = Pick<Deps, 'db' | 'reads' | 'now'>;

/**
 * Job. Looks at what runs: keeps what it sees, stops what has got worse than is borne, and tells its owner. Here, since
 * it joins what experiments, orders, stock and credits know.
 */
export async function lookAtExperiments(deps: Needs): Promise<void> {
  for (const experiment of await experiments(deps.db, { state: 'running', limit: RUNNING_MAX }))
    await lookAt(deps, experiment);
}

async function lookAt({ db, reads, now }: Needs, experiment: Experiment): Promise<void> {
  const { id } = experiment;
  const at = now();
  const currency = await marketplaceCurrency(reads);
  const look = await outcomesOfExperiment(reads, experiment, { currency, now: at });
  await inTransaction(db, async (tx) => {
    const { ratio, guardrails } = resultsOf(experiment, look, await leastRatio(tx, id));
    await keepLook(tx, id, { ...look, lookedAt: at, ratioP: ratio.pValue });
    if (ratio.isSuspect) await alertOwner(tx, id, 'ratio', at);
    const breached = guardrails.find(({ states }) => states.includes('breached'));
    // Of units that were not dealt as planned nothing follows, a harm neither.
    if (!breached || ratio.isSuspect || (await experimentById(tx, id)).state !== 'running') return;
    const reason = `guardrail: ${breached.outcome}`;
    const step = {
      id: newId(at.getTime()),
      experimentId: id,
      kind: 'stopped',
      chosen: null,
      reason,
    } as const;
    await takeStep(tx, 'system', step, at);
    await alertOwner(tx, id, 'guardrail', at);
  });
}
