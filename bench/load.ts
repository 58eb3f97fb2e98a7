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
  /** Each asks for so many pages, one after another, by the cursor in the answer: as somebody who reads on. */
  pages?: number;
  connections?: number;
  seconds?: number;
}

/** Asks for the paths from several connections for some seconds. Latencies are milliseconds. */
export async function load(target: Target): Promise<Load> {
  const { url, paths, connections = 10, seconds = 6 } = target;
  const result = await autocannon({ url, connections, duration: seconds, requests: requestsOf(target) });
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

interface Reading {
  path?: string;
  headers?: Record<string, string | string[] | undefined>;
  cursor?: string | null;
}

function requestsOf({ paths, headers, pages = 1 }: Target): autocannon.Request[] {
  let next = 0;
  const first: autocannon.Request = {
    setupRequest: (request, reading: Reading) => {
      const nth = next++;
      reading.path = paths[nth % paths.length] ?? '/';
      reading.headers = { ...request.headers, ...headers?.(nth) };
      return { ...request, path: reading.path, headers: reading.headers };
    },
  };
  if (pages === 1) return [first];
  const onResponse = (_status: number, body: string, reading: Reading) => {
    reading.cursor = (JSON.parse(body) as { cursor: string | null }).cursor;
  };
  const further: autocannon.Request = {
    setupRequest: (request, { path = '/', headers: own = {}, cursor }: Reading) => {
      const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
      return { ...request, path: path + query, headers: own };
    },
  };
  return [first, ...Array.from({ length: pages - 1 }, () => further)].map((each) => ({
    ...each,
    onResponse,
  }));
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
