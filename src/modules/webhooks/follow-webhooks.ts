import { setTimeout } from 'node:timers/promises';
import { inTransaction } from '#platform/db.ts';
import { resolveHost } from '#platform/outside.ts';
import { fanOut, isBehind } from './fan-out.ts';
import { AT_ONCE, claimDue, deliver, type SendDeps } from './send.ts';

const POLL_MS = 500;
const RETRY_MS = { first: 250, most: 5_000 };

type Follows = Omit<SendDeps, 'resolve'> & Partial<Pick<SendDeps, 'resolve'>>;

/** Makes deliveries of events and sends what is due, many at once and a few to each endpoint, until `signal`. */
export async function followWebhooks(
  deps: Follows,
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<void> {
  const sending = new Sending({ resolve: resolveHost, ...deps }, onFault);
  let retryMs = RETRY_MS.first;
  while (!signal.aborted) {
    try {
      const isMore = await fanOut(deps);
      const begun = await sending.begin();
      retryMs = RETRY_MS.first;
      if (!isMore && begun === 0) await sending.pause(POLL_MS, signal);
    } catch (fault) {
      if (signal.aborted) break;
      onFault(fault);
      await setTimeout(retryMs, undefined, { signal }).catch(() => {});
      retryMs = Math.min(retryMs * 2, RETRY_MS.most);
    }
  }
  await sending.end();
}

/** Sends all that is due now, and returns: for tests. */
export async function sendDue(deps: Follows): Promise<void> {
  const faults: unknown[] = [];
  const sending = new Sending({ resolve: resolveHost, ...deps }, (fault) => faults.push(fault));
  do while (await fanOut(deps));
  while (await isBehind(deps.db));
  while ((await sending.begin()) > 0) await sending.end();
  if (faults.length > 0) throw new AggregateError(faults, 'deliveries could not be sent or written down');
}

/** What this process is sending at this moment. */
class Sending {
  readonly #deps: SendDeps;
  readonly #onFault: (fault: unknown) => void;
  readonly #running = new Set<Promise<void>>();
  readonly #busy = new Map<string, number>();

  constructor(deps: SendDeps, onFault: (fault: unknown) => void) {
    this.#deps = deps;
    this.#onFault = onFault;
  }

  /** Begins with what is due and has a place; answers how many. */
  async begin(): Promise<number> {
    const free = AT_ONCE.all - this.#running.size;
    if (free === 0) return 0;
    const { db, now } = this.#deps;
    const claimed = await inTransaction(db, (tx) => claimDue(tx, this.#busy, free, now()));
    for (const delivery of claimed) {
      const { endpointId } = delivery;
      this.#count(endpointId, 1);
      const run = deliver(this.#deps, delivery)
        .catch(this.#onFault)
        .finally(() => {
          this.#count(endpointId, -1);
          this.#running.delete(run);
        });
      this.#running.add(run);
    }
    return claimed.length;
  }

  /** Until some time has passed, or a place has become free. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const passed = setTimeout(ms, undefined, { signal }).catch(() => {});
    await Promise.race([passed, ...this.#running]);
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  #count(endpointId: string, change: number): void {
    this.#busy.set(endpointId, (this.#busy.get(endpointId) ?? 0) + change);
  }
}
