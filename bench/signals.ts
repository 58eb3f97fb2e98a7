import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction, openDb } from '#platform/db.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { migrate } from '#platform/migrate.ts';
import { enterPopulation, seededPopulation } from '../src/modules/safety/seeded-attacks.ts';
import type { Attack } from '../src/modules/safety/seeded-population.ts';
import { findSignals } from '../src/modules/safety/signals.ts';
import { atLeast, atMost, type Result } from './result.ts';

const MEMBERS = 10_000;
/** The signals were made with the populations of 1 to 3 in sight: they are measured on others. */
const SEEDS = [4, 5, 6];
/** A signal of less is too weak to be counted as found. */
const COUNTED_AT = 0.3;
const FINDERS: Record<string, Attack | undefined> = {
  burst: 'burst',
  copied: 'copies',
  ring: 'ring',
  device: 'puppets',
  new_voters: 'puppets',
};

interface Tally {
  flagged: number;
  /** Of those flagged, whoever attacks, in whatever way. */
  right: number;
  caught: number;
  attackers: number;
}

/** Four attacks and many odd habits among ten thousand people, three times: how many of those whom each signal flags attack, and how many it finds. */
export async function signals(): Promise<Result[]> {
  const tallies = new Map<string, Tally>();
  let seconds = 0;
  for (const seed of SEEDS) seconds = Math.max(seconds, await tryOut(seed, tallies));
  const results: Result[] = [];
  for (const [kind, { flagged, right, caught, attackers }] of tallies) {
    const limits = kind === 'queue' ? { precision: 0.9, recall: 0.9 } : { precision: 0.3, recall: 0.8 };
    results.push(
      atLeast(
        `signal ${kind}: precision (${right} of ${flagged})`,
        right / Math.max(1, flagged),
        limits.precision,
        '',
      ),
      atLeast(
        `signal ${kind}: recall (${caught} of ${attackers})`,
        caught / Math.max(1, attackers),
        limits.recall,
        '',
      ),
    );
  }
  return [...results, atMost(`signals of ${MEMBERS} members, one run`, seconds, 60, 's')];
}

async function tryOut(seed: number, tallies: Map<string, Tally>): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-signals-'));
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), fsync: false });
  const db = openDb(postgres.url, { max: 4 });
  try {
    await migrate(postgres.url);
    const now = () => new Date();
    const made = seededPopulation({ members: MEMBERS, seed, now: now() });
    await inTransaction(db, (tx) => enterPopulation(tx, made));
    await sql`vacuum analyze`.execute(db);
    const config = readConfig({ STOA_DATA: dir, STOA_SECRET: 'a secret of the bench, long enough' });
    const began = performance.now();
    await findSignals({ db, config, now });
    const took = (performance.now() - began) / 1000;
    await count(db, made.attackers, tallies);
    return took;
  } finally {
    await db.destroy();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function count(
  db: Db,
  attackers: ReadonlyMap<string, Attack>,
  tallies: Map<string, Tally>,
): Promise<void> {
  const { rows } = await sql<{ kind: string; id: string }>`
    select kind::text, member_id as id from safety.signal where member_id is not null and value >= ${COUNTED_AT}
    union all select 'queue', profile_id from safety.concern where 'signal' = any (causes)`.execute(db);
  for (const kind of [...Object.keys(FINDERS), 'queue']) {
    const flagged = rows.flatMap((row) => (row.kind === kind ? [row.id] : []));
    const meant = [...attackers].flatMap(([id, attack]) =>
      kind === 'queue' || FINDERS[kind] === attack ? [id] : [],
    );
    const known = tallies.get(kind) ?? { flagged: 0, right: 0, caught: 0, attackers: 0 };
    tallies.set(kind, {
      flagged: known.flagged + flagged.length,
      right: known.right + flagged.filter((id) => attackers.has(id)).length,
      caught: known.caught + meant.filter((id) => flagged.includes(id)).length,
      attackers: known.attackers + meant.length,
    });
  }
}
