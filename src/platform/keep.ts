/**
 * The last `max` things that were asked for more than once, by name: a robot that walks through all there is pushes
 * nothing out. One is made anew when anything that it was made of is another than before, so what comes back is never
 * out of date: only the making is saved.
 */
export function keepLast<Made>(max: number) {
  const kept = new Map<string, { of: readonly unknown[]; made: Made }>();
  const askedOnce = new Set<string>();
  return (name: string, of: readonly unknown[], make: () => Made): Made => {
    const known = kept.get(name);
    if (!known && !askedOnce.delete(name)) {
      askedOnce.add(name);
      dropOldest(askedOnce, max);
      return make();
    }
    const holds = known?.of.length === of.length && known.of.every((each, n) => each === of[n]);
    const entry = holds ? known : { of, made: make() };
    // What was asked for last stands last, and the first is let go.
    kept.delete(name);
    kept.set(name, entry);
    dropOldest(kept, max);
    return entry.made;
  };
}

function dropOldest(names: Map<string, unknown> | Set<string>, max: number): void {
  const [oldest] = names.keys();
  if (names.size > max && oldest !== undefined) names.delete(oldest);
}

/** What `read` gives, asked for once in `ms` however many want it: for what is the same to every viewer. */
export function readOnceIn<T>(ms: number, now: () => Date, read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  let until = 0;
  return () => {
    const at = now().getTime();
    if (reading && at < until) return reading;
    until = at + ms;
    const started = read();
    // Who waits for it hears of the fault; the next one asks again.
    started.catch(() => {
      if (reading === started) reading = undefined;
    });
    reading = started;
    return started;
  };
}
