import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anAct } from './factory.ts';
import { enterPopulation, seededPopulation } from './seeded-attacks.ts';
import { type Attack, ATTACKS } from './seeded-population.ts';
import { findSignals } from './signals.ts';

const FOUND_BY: Record<Attack, string> = {
  burst: 'burst',
  ring: 'ring',
  puppets: 'device',
  copies: 'copied',
};

test('each seeded attack is found by its signal, all but one go to the queue, and nobody else', async ({
  deps,
  db,
}) => {
  const made = seededPopulation({ members: 400, seed: 7, now: deps.now() });
  await inTransaction(db, (tx) => enterPopulation(tx, made));
  await findSignals(deps);
  const { rows } = await sql<{ kind: string; memberId: string }>`
    select kind, member_id as "memberId" from safety.signal where member_id is not null and value >= 0.3`.execute(
    db,
  );
  const { attackers } = made;
  const found = ATTACKS.map((attack) => {
    const members = [...attackers].flatMap(([id, kind]) => (kind === attack ? [id] : []));
    const seen = rows.filter(({ kind }) => kind === FOUND_BY[attack]).map(({ memberId }) => memberId);
    return [attack, members.filter((id) => seen.includes(id)).length, members.length];
  });
  expect(found).toEqual([
    ['burst', 10, 10],
    ['ring', 8, 8],
    ['puppets', 6, 6],
    ['copies', 12, 12],
  ]);
  const queued = async () => {
    const { rows: open } = await sql<{ id: string }>`
      select profile_id as id from safety.concern where 'signal' = any (causes)`.execute(db);
    return open.map(({ id }) => id);
  };
  const inQueue = await queued();
  // The one of the ring for whom the puppets vote too is praised from outside, and looks the less like one of it.
  expect(inQueue.filter((id) => attackers.has(id))).toHaveLength(35);
  expect(inQueue.filter((id) => !attackers.has(id))).toHaveLength(0);

  // Nothing is hidden and no vote is taken away.
  const { rows: hidden } = await sql`select from social.piece where state <> 'live'`.execute(db);
  expect(hidden).toHaveLength(0);

  // Who was let be is left alone; a second run finds nobody anew.
  const [known = ''] = inQueue;
  const { rows: concerns } = await sql<{ id: string }>`
    select id from safety.concern where profile_id = ${known}`.execute(db);
  const clerk = made.members[0]?.id ?? '';
  await anAct(deps, clerk, { concernId: concerns[0]?.id ?? '', kind: 'keep' });
  await findSignals(deps);
  expect((await queued()).toSorted()).toEqual(inQueue.filter((id) => id !== known).toSorted());
});
