/** More than these would fill the browser's store for nobody: the oldest go. */
const EVENTS_MAX = 300;
/** A request that outlives its page carries 64 kB at most; a letter has up to three bytes. */
const BATCH_LENGTH_MAX = 20_000;

/**
 * What is kept in the browser, all under one prefix. Each event has an entry of its own: tabs of one site write beside
 * each other, and none overwrites what another has just written.
 */
export class KeptEvents {
  readonly #prefix: string;

  constructor(key: string) {
    this.#prefix = `stoa.${key.slice(0, 8)}.`;
  }

  get(name: string): string | null {
    return localStorage.getItem(this.#prefix + name);
  }

  set(name: string, value: string): void {
    try {
      localStorage.setItem(this.#prefix + name, value);
    } catch {
      // The store is full or closed: the event of this moment is let go, and the page stays as it is.
    }
  }

  /** The oldest first: names begin with the time. */
  #names(start: string): string[] {
    const from = this.#prefix + start;
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(from))
      .sort();
  }

  add(name: string, text: string): void {
    const names = this.#names('e.');
    for (const old of names.slice(0, Math.max(0, names.length + 1 - EVENTS_MAX)))
      localStorage.removeItem(old);
    if (text.length < BATCH_LENGTH_MAX) this.set(`e.${name}`, text);
  }

  /** What may go in one request: the names under which it is kept, and its texts. */
  batch(): [names: string[], texts: string[]] {
    let length = 0;
    const names = this.#names('e.').filter((name) => {
      length += localStorage.getItem(name)?.length ?? 0;
      return length <= BATCH_LENGTH_MAX;
    });
    return [names, names.flatMap((name) => localStorage.getItem(name) ?? [])];
  }

  remove(names: readonly string[] = this.#names('')): void {
    for (const name of names) localStorage.removeItem(name);
  }
}
