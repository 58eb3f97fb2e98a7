import type { Deps } from '#platform/module.ts';
import { tasteSources } from '#read/tastes.ts';
import { countTastes, HALF_LIFE_DAYS } from './modules/insight/index.ts';

export const COUNT_TASTES = 'insight.count_tastes';

/** Job of the night. Here, since what people save, say and make stands in many modules. */
export const countCustomerTastes = (deps: Deps): Promise<void> =>
  countTastes(deps, tasteSources(deps.reads, HALF_LIFE_DAYS));
