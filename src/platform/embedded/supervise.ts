/** A server that runs, as its launcher hands it over. */
export interface Running {
  pid: number;
  /** Resolves with how the server ended, once it has. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

export interface Supervised {
  /** The process that serves now; another one after a restart. */
  pid(): number;
  stop(): Promise<void>;
}

const RESTARTS_MAX = 3;
const RESTARTS_WITHIN_MS = 60_000;

/** Starts a server again when it ends by itself, on the same address, a few times a minute at most. */
export function supervise(
  name: string,
  first: Running,
  again: () => Promise<Running>,
  onLost: (reason: string) => void = () => {},
): Supervised {
  let current = first;
  let isStopping = false;
  let restarting: Promise<void> | undefined;
  let restarts: number[] = [];

  const restart = async (how: string): Promise<void> => {
    restarts = restarts.filter((at) => performance.now() - at < RESTARTS_WITHIN_MS);
    if (restarts.length === RESTARTS_MAX) return onLost(`${name} keeps ending: ${how}`);
    restarts.push(performance.now());
    try {
      current = await again();
      watch();
    } catch (error) {
      onLost(
        `${name} ended and did not start again: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const watch = (): void => {
    void current.ended.then((how) => {
      if (!isStopping) restarting = restart(how);
    });
  };
  watch();
  return {
    pid: () => current.pid,
    stop: async () => {
      isStopping = true;
      await restarting;
      await current.stop();
    },
  };
}
