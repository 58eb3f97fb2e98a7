import type { Deps } from '#platform/module.ts';
import type { NavigationEntry } from './page.ts';

export type Navigation = () => Promise<readonly NavigationEntry[]>;

const FRESH_MS = 30_000;

/** The categories in the header. They change rarely and are on every page, so they are read at most twice a minute. */
export function makeNavigation({ now }: Deps, read: Navigation): Navigation {
  let known: readonly NavigationEntry[] = [];
  let readAt = 0;
  let reading: Promise<void> | undefined;
  return async () => {
    const at = now().getTime();
    if (at - readAt < FRESH_MS) return known;
    reading ??= read()
      .then((entries) => {
        known = entries;
        readAt = at;
      })
      // A page, the error page among them, is better without categories than not at all.
      .catch(() => {})
      .finally(() => (reading = undefined));
    if (known.length === 0) await reading;
    return known;
  };
}
