import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

export interface LivingWorkers {
  add(name: string): void;
  stop(): Promise<void>;
}

/** Any number; what matters is that every process of Stoa names its workers under the same one. */
const NAMESPACE = 5_701_218;
const LOOK_MS = 2_000;
/** So long somebody who has just come, or has lost the connection, may take to say that they live. */
const GRACE_SECONDS = 5;
const RETRY_MS = 500;

/**
 * Each worker that lives holds a lock under its name, which the database lets go of when its process ends, however
 * it ends. A job of one that holds none is free again: by itself the queue would wait four hours for it.
 */
export function watchWorkers(databaseUrl: string): LivingWorkers {
  const living = new Set<string>();
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await watchOnOneConnection(databaseUrl, living, stopping.signal).catch(() => {}); // out of reach: again
      await pause(RETRY_MS, stopping.signal);
    }
  })();
  return {
    add: (name) => void living.add(name),
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

async function watchOnOneConnection(
  databaseUrl: string,
  living: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const connection = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  connection.on('error', () => {}); // the next query reports it
  await connection.connect();
  try {
    const held = new Set<string>();
    const since = performance.now();
    while (!signal.aborted) {
      for (const id of living) {
        if (held.has(id)) continue;
        await connection.query('select pg_advisory_lock($1, hashtext($2))', [NAMESPACE, id]);
        held.add(id);
      }
      // Nobody is called dead by one who has just come: after a restart of the database all come back at once.
      if (performance.now() - since > GRACE_SECONDS * 1000)
        await connection.query(FREE_THE_DEAD, [NAMESPACE, GRACE_SECONDS]);
      await pause(LOOK_MS, signal);
    }
  } finally {
    await connection.end();
  }
}

const FREE_THE_DEAD = `
  select graphile_worker.force_unlock_workers(array_agg(distinct locked_by))
  from graphile_worker.jobs
  where locked_at < now() - make_interval(secs => $2) and not exists (
    select from pg_locks
    where locktype = 'advisory' and classid = $1 and objsubid = 2
      and objid::bigint = hashtext(locked_by)::bigint & x'ffffffff'::bigint
      and database = (select oid from pg_database where datname = current_database()))
  having count(*) > 0`;

const pause = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }).catch(() => {});
