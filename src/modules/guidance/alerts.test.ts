import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMember } from '#modules/identity/factory.ts';
import { seedMember } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aMarket, judgedDays } from './factory.ts';
import { findings, writeFindings } from './findings.ts';
import { mailFindings } from './mail-findings.ts';
import { alertOwners, endRule, putRule, rules } from './rules.ts';

async function aStaffMember(deps: Deps): Promise<{ memberId: string; email: string }> {
  const email = `${randomUUID()}@stoa.example`;
  const memberId = await seedMember(deps, {
    email,
    password: 'a stoa is a covered walk',
    name: 'Daphne',
    staffRoles: ['merchant'],
  });
  return { memberId, email };
}

const NOW = new Date('2026-06-30T06:00:00Z');
const found = (deps: Deps, currency: string, metrics = ['orders', 'units'] as const, region = 'NL') =>
  inTransaction(deps.db, async (tx) => {
    const days = metrics.map((metric) =>
      judgedDays('2026-06-01', 3, [2], aMarket({ metric, currency, region })),
    );
    const together = (days[0] ?? []).map(({ day }, index) => ({
      day,
      alarms: days.flatMap((each) => each[index]?.alarms ?? []),
    }));
    await writeFindings(tx, together, NOW);
  });
const aRule = (ownerId: string, more: object = {}) => ({
  id: randomUUID(),
  metric: null,
  region: null,
  ownerId,
  mutedUntil: null,
  ...more,
});

test('who owns a figure is mailed once, of all that opened together; who muted it, or owns another, is not', async ({
  deps,
  db,
  outbox,
  work,
}) => {
  const [owner, muted, other, ended] = await Promise.all([1, 2, 3, 4].map(() => aStaffMember(deps)));
  if (!owner || !muted || !other || !ended) throw new Error('a member is missing');
  const endedRule = aRule(ended.memberId);
  await inTransaction(db, async (tx) => {
    await putRule(tx, aRule(owner.memberId, { region: 'NL' }), NOW);
    await putRule(tx, aRule(owner.memberId, { metric: 'orders' }), NOW);
    await putRule(tx, aRule(muted.memberId, { mutedUntil: new Date('2100-01-01T00:00:00Z') }), NOW);
    await putRule(tx, aRule(other.memberId, { region: 'DE' }), NOW);
    await putRule(tx, aRule(other.memberId, { metric: 'return_rate' }), NOW);
    await putRule(tx, endedRule, NOW);
    await endRule(tx, endedRule.id, NOW);
  });
  expect((await rules(db)).some(({ id }) => id === endedRule.id)).toBe(false);
  await found(deps, 'MLA');
  await work();
  const mails = outbox.filter(({ to }) => [owner, muted, other, ended].some(({ email }) => email === to));
  const ids = (await findings(db, { limit: 100 })).filter(({ currency }) => currency === 'MLA');
  const link = (metric: string) =>
    `${deps.config.publicUrl}/desk/guidance/${ids.find((each) => each.metric === metric)?.id}`;
  expect(mails).toEqual([
    {
      to: owner.email,
      subject: `${deps.config.shopName}: 2 figures are out of the ordinary`,
      text: `Orders, NL: below what was to be expected, since 2026-06-03\n${link('orders')}\n\nUnits, NL: below what was to be expected, since 2026-06-03\n${link('units')}\n`,
    },
  ]);
  await mailFindings(deps, { ownerId: owner.memberId });
  expect(outbox.filter(({ to }) => to === owner.email)).toHaveLength(1);
});

test('a mail that could not be sent is sent later, and what a dead worker had claimed waits for its claim to end', async ({
  deps,
  db,
  outbox,
}) => {
  const { memberId: ownerId, email } = await aStaffMember(deps);
  await inTransaction(db, (tx) => putRule(tx, aRule(ownerId, { region: 'FR' }), NOW));
  await found(deps, 'MLB', ['orders', 'units'], 'FR');
  const [finding] = (await findings(db, { region: 'FR', limit: 1 })).filter(
    ({ currency }) => currency === 'MLB',
  );
  await inTransaction(db, (tx) =>
    alertOwners(tx, { findingId: finding?.id ?? '', metric: 'orders', region: 'FR' }, NOW),
  );
  const at = (minutes: number) => ({ ...deps, now: () => new Date(NOW.getTime() + minutes * 60_000) });
  const failing = { ...at(0), mailer: () => Promise.reject(new Error('no server')) };
  await expect(mailFindings(failing, { ownerId })).rejects.toThrow('no server');
  expect(outbox.filter(({ to }) => to === email)).toHaveLength(0);
  // A worker that dies between the claim and the mail leaves the claim.
  await sql`update guidance.alert set claimed_at = ${at(1).now()} where owner_id = ${ownerId}`.execute(db);
  await mailFindings(at(2), { ownerId });
  expect(outbox.filter(({ to }) => to === email)).toHaveLength(0);
  await mailFindings(at(20), { ownerId });
  expect(outbox.filter(({ to }) => to === email)).toHaveLength(1);
});

test('an owner is of the team', async ({ deps, db }) => {
  const { memberId } = await aMember(deps);
  await expect(inTransaction(db, (tx) => putRule(tx, aRule(memberId), NOW))).rejects.toMatchObject({
    code: 'guidance.owner_not_staff',
  });
});
