import type { Deps } from '#platform/module.ts';
import { followDue } from '#platform/tell-events.ts';
import { followCollected } from './modules/collector/index.ts';
import { followEvents } from './modules/insight/index.ts';
import { followCredits } from './modules/market/index.ts';
import { followCheckouts } from './modules/orders/index.ts';
import { followWebhooks } from './modules/webhooks/index.ts';
import { subscribers } from './subscribers.ts';

const STOP_LIMIT_MS = 5_000;

/**
 * Tells subscribers of events, and keeps ClickHouse, the credits and other systems up with the event table, until it is
 * stopped. Of several processes one follows at a time; each tells, and each sends.
 */
export function startFollowing(deps: Deps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const following = Promise.all([
    followDue(deps, subscribers, stopping.signal, complain),
    followEvents({ ...deps, onFault: complain }, stopping.signal),
    followCheckouts(deps, stopping.signal, complain),
    followCredits(deps, stopping.signal, complain),
    followCollected(deps, stopping.signal, complain),
    followWebhooks(deps, stopping.signal, complain),
  ]);
  return {
    stop: async () => {
      stopping.abort();
      const { promise: limit, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, STOP_LIMIT_MS);
      await Promise.race([following, limit]);
      clearTimeout(timer);
    },
  };
}

function complain(fault: unknown): void {
  process.stderr.write(`following events: ${fault instanceof Error ? fault.message : String(fault)}\n`);
}
