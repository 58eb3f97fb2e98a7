import autocannon from 'autocannon';

export interface Load {
  requestsPerSecond: number;
  p50: number;
  p99: number;
}

interface Target {
  url: string;
  /** Paths asked for in turn; one that does not answer 200 fails the benchmark. */
  paths: readonly string[];
  /** What the nth request says beside. */
  headers?: (nth: number) => Record<string, string>;
  connections?: number;
  seconds?: number;
}

/** Asks for the paths from several connections for some seconds. Latencies are milliseconds. */
export async function load({ url, paths, headers, connections = 10, seconds = 6 }: Target): Promise<Load> {
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        setupRequest: (request) => {
          const nth = next++;
          const path = paths[nth % paths.length] ?? '/';
          return { ...request, path, headers: { ...request.headers, ...headers?.(nth) } };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${url}${paths[0] ?? ''}: ${result.non2xx} answers were not 200, ${result.errors} failed`,
    );
  }
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

/** Repeats a measurement and takes the median of each of its figures. */
export async function medianLoad(target: Target, times = 3): Promise<Load> {
  const runs: Load[] = [];
  for (let i = 0; i < times; i++) runs.push(await load(target));
  return {
    requestsPerSecond: median(runs.map((run) => run.requestsPerSecond)),
    p50: median(runs.map((run) => run.p50)),
    p99: median(runs.map((run) => run.p99)),
  };
}
