import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { orderDelays } from '#read/order-delays.ts';
import {
  acceptedRules,
  daysAround,
  DELAY_AFTER_DAYS,
  DELAY_SETTLE_DAYS,
  delayEffect,
  inForceOf,
  writeEffect,
} from './modules/guidance/index.ts';
import { businessDayAt, shiftDay } from './modules/insight/index.ts';
import { ruleSets } from './modules/routing/index.ts';

export const MEASURE_RULES = 'guidance.measure_rules';
const RULE_SETS_MOST = 1_000;
const CHOICE = 'choice';
const NO_CHOICE = 'no choice';

/**
 * Job. Measures what changed routing rules brought: of orders that several places could have sent, how many came late, beside those that
 * one place alone could send, which no rule sends elsewhere. Here, since it joins what orders, routing and fulfilment know.
 */
export async function measureRules({
  db,
  reads,
  config: { timeZone },
  now,
}: Pick<Deps, 'db' | 'reads' | 'config' | 'now'>): Promise<void> {
  const at = now();
  const knownTo = shiftDay(businessDayAt(at, timeZone), -1);
  const published = await ruleSets(reads, RULE_SETS_MOST);
  for (const accepted of await acceptedRules(db)) {
    const held = inForceOf(accepted, published);
    const since = businessDayAt(held?.from ?? accepted.decidedAt, timeZone);
    const thing = {
      metric: 'late_orders' as const,
      beside: 'orders' as const,
      since,
      // Of the day on which it was taken back some orders went by other rules.
      ...(held?.until && { until: shiftDay(businessDayAt(held.until, timeZone), -1) }),
      knownTo,
      expectedFewer: accepted.expectedUnits,
    };
    if (!held) {
      const isFinal = knownTo >= shiftDay(since, DELAY_AFTER_DAYS + DELAY_SETTLE_DAYS);
      const { metric, beside } = thing;
      const told = {
        metric,
        beside,
        fromDay: shiftDay(since, 1),
        toDay: since,
        knownTo,
        markets: 0,
        isFinal,
      };
      await inTransaction(db, (tx) => writeEffect(tx, accepted.id, { ...told, state: 'not_in_force' }, at));
      continue;
    }
    const { from, to } = daysAround(thing);
    const days = (await orderDelays(reads, { from, to, now: at, timeZone })).map(
      ({ hadChoice, ...each }) => ({
        ...each,
        key: hadChoice ? CHOICE : NO_CHOICE,
      }),
    );
    const others = { way: 'comparison' as const, keys: new Set([NO_CHOICE]), least: 1 };
    const { weighed: _one, ...effect } = delayEffect(thing, days, CHOICE, [others]);
    await inTransaction(db, (tx) => writeEffect(tx, accepted.id, effect, at));
  }
}
