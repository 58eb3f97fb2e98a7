import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { intakeById } from '#modules/archives/index.ts';
import { ownProfile, setTrust } from '#modules/social/index.ts';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction, openDb } from '#platform/db.ts';
import { freePort } from '#platform/embedded/ports.ts';
import { aBoardSaid, brought, commentsSaid, longOutbox } from '../take-along/brought.ts';
import { aFolder, enginesOf, type Program, run } from './programs.ts';

/** More of them by hand: `STOA_KILLS=20 npx vitest run test/crash/archive.test.ts`. */
const KILLS = Number(process.env['STOA_KILLS'] ?? 3);
const KILL_SECONDS = 60;
const SECRET = 'a secret of this crash test alone';
/** As many as a trusted member says within an hour by an archive. */
const COMMENTS = 280;
vi.setConfig({ testTimeout: (KILLS + 2) * KILL_SECONDS * 1000 });

async function started(dir: string): Promise<Program> {
  const port = String(await freePort());
  const stoa = run('src/main.ts', { STOA_DATA: dir, PORT: port, STOA_SECRET: SECRET });
  await stoa.says('Stoa is ready');
  return stoa;
}

/** Reads and writes while the server comes and goes: its engines go with it. */
async function onDatabase<Answer>(dir: string, work: (db: Db) => Promise<Answer>): Promise<Answer> {
  const { databaseUrl } = await enginesOf(dir);
  await using db = openDb(databaseUrl, { max: 2 });
  return await work(db);
}

async function anIntake(dir: string): Promise<{ intakeId: string; memberId: string }> {
  const config = readConfig({ STOA_DATA: dir, STOA_SECRET: SECRET });
  return onDatabase(dir, async (db) => {
    const deps = { db, config, now: () => new Date() };
    const memberId = randomUUID();
    const trust = { level: 3, why: 'Talks much', by: memberId } as const;
    await inTransaction(db, async (tx) => {
      await sql`insert into identity.member (id, name, email, email_verified)
        values (${memberId}, 'Ada', 'ada@example.com', true)`.execute(tx);
      await ownProfile(tx, memberId, 'Ada', deps.now());
      await setTrust(tx, memberId, trust, deps.now());
    });
    const archive = await longOutbox([aBoardSaid(), ...commentsSaid(COMMENTS)]);
    return { intakeId: await brought(deps, memberId, archive), memberId };
  });
}

test('a server that is killed while words are said again goes on where it was: each is said once', async () => {
  const dir = join(aFolder(), 'data');
  let stoa = await started(dir);
  const { intakeId, memberId } = await anIntake(dir);
  const steps: number[] = [];
  for (let kill = 1; kill <= KILLS; kill++) {
    const until = Math.floor((COMMENTS * kill) / (KILLS + 1));
    const far = await onDatabase(dir, async (db) => {
      const stepsOf = async () => (await intakeById(db, intakeId))?.steps ?? 0;
      await expect.poll(stepsOf, { timeout: KILL_SECONDS * 1000, interval: 5 }).toBeGreaterThanOrEqual(until);
      return stepsOf();
    });
    steps.push(far);
    stoa.child.kill('SIGKILL');
    await stoa.ends();
    stoa = await started(dir);
  }
  // It was killed half-way each time, or this says nothing.
  expect(steps.every((far) => far < COMMENTS)).toBe(true);

  await onDatabase(dir, async (db) => {
    const stateOf = async () => (await intakeById(db, intakeId))?.state;
    await expect.poll(stateOf, { timeout: KILL_SECONDS * 1000 }).toBe('done');
    const all = COMMENTS + 1;
    expect(await intakeById(db, intakeId)).toMatchObject({
      taken: all,
      known: 0,
      steps: all + 1,
      total: all,
    });
    const { rows } = await sql<{ body: string }>`
      select body from social.comment join social.piece on piece.id = comment.id
      where owner_id = ${memberId} order by substring(body from 9)::integer`.execute(db);
    expect(rows.map(({ body }) => body)).toEqual(
      Array.from({ length: COMMENTS }, (_, nth) => `Comment ${nth}`),
    );
    const { rows: counts } = await sql<{ boards: number; comments: number }>`
      select (select count(*)::integer from boards.board) as boards,
        (select count(*)::integer from social.piece where kind = 'comment') as comments`.execute(db);
    expect(counts).toEqual([{ boards: 1, comments: COMMENTS }]);
  });
  stoa.child.kill('SIGTERM');
  expect(await stoa.ends(), stoa.stderr()).toBe(0);
});
