/** What a key may send at this moment, counted in this process alone: it fills up again with time. */
export class Pace {
  readonly #left = new Map<string, { events: number; at: number }>();

  /** Takes so many events, or says in how many seconds they may come. A full batch goes when the burst is there. */
  take(
    key: string,
    { eventsPerSecond, burst }: { eventsPerSecond: number; burst: number },
    events: number,
    at: number,
  ): number {
    const before = this.#left.get(key) ?? { events: burst, at };
    const filled = Math.min(burst, before.events + ((at - before.at) / 1000) * eventsPerSecond);
    const wanted = Math.min(events, burst);
    const isThere = filled >= wanted;
    this.#left.set(key, { events: isThere ? filled - wanted : filled, at });
    return isThere ? 0 : Math.max(1, Math.ceil((wanted - filled) / eventsPerSecond));
  }
}
