/** Ctrl-C reaches this process twice at once: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 1_000;

/** Calls `stop` at the first signal that asks the program to end. A second one, of an impatient person, ends it at once. */
export function onStopSignal(stop: () => void): void {
  let firstAt: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        stop();
      } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
        process.exit(130);
      }
    });
  }
}
