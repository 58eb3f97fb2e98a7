import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { catchUp, recordSale } from '#modules/insight/factory.ts';
import { freshness, shiftDay } from '#modules/insight/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

test('staff see what is out of the ordinary and what would help; a merchant declines with a reason, others may not', async ({
  app,
  db,
  deps,
}) => {
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const empty = (await merchant.open('/desk/guidance')).body;
  expect(empty).toContain('Everything goes its usual way');
  expect(empty).toContain('Nothing to move, keep back or ask a carrier');

  const [findingId, adjustment] = [randomUUID(), randomUUID()];
  const facts = {
    variantId: randomUUID(),
    locationId: randomUUID(),
    counts: 2,
    lossMost: 2,
    lossTotal: 3,
    safety: 1,
  };
  await sql`
    insert into guidance.finding (id, metric, region, currency, direction, from_day, last_day, opened_at, changed_at)
    values (${findingId}, 'net_sales', 'NL', 'EUR', 'down', '2026-06-10', '2026-06-10', now(), now())`.execute(
    db,
  );
  await sql`
    insert into guidance.finding_day (finding_id, day, span, observed, expected, low, high, chance)
    values (${findingId}, '2026-06-10', 7, 1234500, 2000000.4, 1500000, 2500000, 0.000001)`.execute(db);
  await sql`
    insert into guidance.adjustment (id, kind, subject, region, facts, expected_units, expected_minor, currency, proposed_at, changed_at)
    values (${adjustment}, 'keep_back', 'keep_back x', 'NL', ${JSON.stringify({ ...facts, priceMinor: 500 })}::jsonb, 3, 1500, 'EUR', now(), now())`.execute(
    db,
  );
  const reserve = {
    variantId: facts.variantId,
    locationId: facts.locationId,
    safety: 1,
    level: 12,
    daysOut: 52,
    perDay: 2.05,
    perDayVaries: 2.03,
    leadDays: 8,
    leadDaysVary: 2,
    deliveries: 3,
    lostUnits: 107,
    savedUnits: 102,
    savedDays: 50,
    priceMinor: 500,
  };
  await sql`
    insert into guidance.adjustment (id, kind, subject, region, facts, expected_units, expected_minor, currency, proposed_at, changed_at)
    values (${randomUUID()}, 'raise_safety', 'raise_safety x', 'NL', ${JSON.stringify(reserve)}::jsonb, 102, 51000, 'EUR', now(), now())`.execute(
    db,
  );
  expect((await merchant.open('/desk')).body).toContain('1 figure is out of the ordinary.');
  const page = (await merchant.open('/desk/guidance')).body;
  for (const text of ['Net sales, Netherlands', 'seven days', '€12,345.00', '€20,000.00', '−€7,655.00'])
    expect(page).toContain(text);
  expect(page).toContain(
    '2 counts in 13 weeks found fewer than the books said, 2 at the most; 1 are kept back now.',
  );
  expect(page).toContain('3 × €5.00 = €15.00');
  for (const text of [
    'It had none on 52 days of 13 weeks, on which 107 would have been sent.',
    '50 days fewer without any, and 102 units more, in as many weeks: 102 × €5.00 = €510.00',
  ])
    expect(page).toContain(text);

  const form = { id: randomUUID(), adjustment, verdict: 'declined', reason: ' ' };
  const refused = await merchant.send('/desk/guidance/decisions', form);
  expect([refused.statusCode, refused.body.includes('Say why it is declined.')]).toEqual([422, true]);
  const service = await aSignedInBrowser(app, deps, ['service']);
  expect((await service.open('/desk/guidance')).body).not.toContain('name="verdict"');
  const said = { ...form, reason: 'They are coming back' };
  expect((await service.send('/desk/guidance/decisions', said)).statusCode).toBe(403);
  for (const attempt of ['first', 'retry'])
    expect((await merchant.send('/desk/guidance/decisions', said)).statusCode, attempt).toBe(303);
  expect((await merchant.open('/desk/guidance')).body).toContain('They are coming back');
  await merchant.send('/desk/guidance/decisions', { ...said, id: randomUUID() });
  expect((await merchant.open('/desk/guidance')).body).toContain('That was decided before');
});

test('a finding is shown day by day within its band, with what its change consists of; the address of the mail leads to it', async ({
  app,
  db,
  databaseUrl,
  clickhouse,
  deps,
}) => {
  const currency = 'EXW';
  const [findingId, vase, lamp] = [randomUUID(), randomUUID(), randomUUID()];
  const lastDay = '2026-06-10';
  await inTransaction(db, async (tx) => {
    for (let back = 70; back >= 0; back--) {
      const businessDay = shiftDay(lastDay, -back);
      // Ten orders of 30.00 a day; on the last day three, and a return.
      for (let nth = 0; nth < (back === 0 ? 3 : 10); nth++) {
        const lines = [
          { productId: vase, grossMinor: 1_000 },
          { productId: lamp, grossMinor: 2_000 },
        ];
        await recordSale(tx, { currency, businessDay, regionCode: 'NL', lines });
      }
    }
    const lines = [{ productId: lamp, grossMinor: 2_000 }];
    await recordSale(tx, { currency, businessDay: lastDay, regionCode: 'NL', isReturn: true, lines });
  });
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
  await sql`
    insert into guidance.finding (id, metric, region, currency, direction, from_day, last_day, opened_at, changed_at)
    values (${findingId}, 'net_sales', 'NL', ${currency}, 'down', ${lastDay}, ${lastDay}, now(), now())`.execute(
    db,
  );
  await sql`
    insert into guidance.finding_day (finding_id, day, span, observed, expected, low, high, chance)
    values (${findingId}, ${lastDay}, 1, 7000, 30000, 21000, 41000, 0.000001)`.execute(db);

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open('/desk/guidance')).body).toContain(`href="/desk/guidance/${findingId}"`);
  const page = await merchant.open(`/desk/guidance/${findingId}`);
  expect(page.statusCode).toBe(200);
  const text = page.body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  const money = (amount: string) => `${currency} ${amount}`;
  for (const said of [
    `On Wed, Jun 10, 2026 it came to ${money('70.00')}, where ${money('300.00')} was expected and anything from ${money('210.00')} to ${money('410.00')} would have been usual.`,
    'It is so now.',
    `${money('70.00')} from Wed, Jun 10, 2026 to Wed, Jun 10, 2026, beside ${money('300.00')} on the same weekdays from Wed, Jun 3, 2026 to Wed, Jun 3, 2026.`,
    `As much more or less of everything −${money('210.00')}`,
    `Each brings more or less ${money('0.00')}`,
    `More or less came back −${money('20.00')}`,
  ])
    expect(text).toContain(said);
  expect(page.body).toMatch(/class="chart-band" d="M[\d.,LZ-]+"/);
  // The lamp brings −160, the vase −70: together the whole change.
  expect([...text.matchAll(/−EXW.(\d+\.\d\d)/g)].map(([, amount]) => amount)).toEqual(
    expect.arrayContaining(['160.00', '70.00']),
  );
  expect(page.body).toContain(
    `/desk/market?from=${lastDay}&amp;to=${lastDay}&amp;currency=${currency}&amp;metric=net_sales&amp;region=NL`,
  );
  expect((await merchant.open(`/desk/guidance/${randomUUID()}`)).statusCode).toBe(404);
});

test('what an accepted adjustment brought stands beside it and at the finding, in words and over HTTP', async ({
  app,
  db,
  deps,
}) => {
  const staff = await aSignedInBrowser(app, deps, ['service']);
  const findingId = randomUUID();
  await sql`
    insert into guidance.finding (id, metric, region, currency, direction, from_day, last_day, opened_at, changed_at)
    values (${findingId}, 'orders', 'PT', 'EUW', 'down', '2026-06-10', '2026-06-10', now(), now())`.execute(
    db,
  );
  const facts = {
    variantId: randomUUID(),
    locationId: randomUUID(),
    counts: 2,
    lossMost: 2,
    lossTotal: 3,
    safety: 1,
    priceMinor: null,
  };
  const accepted = async (decidedAt: string) => {
    const id = randomUUID();
    await sql`
      insert into guidance.adjustment
        (id, kind, subject, region, state, facts, expected_units, currency, proposed_at, changed_at)
      values (${id}, 'keep_back', ${id}, 'PT', 'accepted', ${JSON.stringify(facts)}::jsonb, 3, 'EUW', now(), now())`.execute(
      db,
    );
    await sql`
      insert into guidance.decision values
        (${randomUUID()}, ${id}, 'accepted', '', 'system', ${decidedAt})`.execute(db);
    return id;
  };
  const [measured, early, old] = [
    await accepted('2026-06-12T09:00:00Z'),
    await accepted('2026-06-12T10:00:00Z'),
    await accepted('2026-06-01T10:00:00Z'),
  ];
  await sql`
    insert into guidance.effect (adjustment_id, known_to, state, metric, from_day, to_day, way, markets, observed, expected,
      hoped, chance, weights, is_final, measured_at)
    values (${measured}, '2026-07-01', 'measured', 'cancelled_units', '2026-06-13', '2026-06-30', 'synthetic', 12, 22, 30.4, -6,
        ${1 / 13}, '[{"region": "ES", "weight": 0.75}, {"region": "FR", "weight": 0.25}]', true, now()),
      (${measured}, '2026-06-20', 'too_early', 'cancelled_units', '2026-06-13', '2026-06-19', null, 0, null, null, null, null, '[]',
        false, now()),
      (${early}, '2026-06-15', 'too_early', 'cancelled_units', '2026-06-13', '2026-06-15', null, 0, null, null, null, null, '[]',
        false, now())`.execute(db);
  const textOf = (body: string) => body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  const said = [
    '−8 units cancelled, where −6 was expected in that time.',
    'It came to 22 from Sat, Jun 13, 2026 to Tue, Jun 30, 2026; 12 other regions, weighed so that together they went the same way before, let expect 30.',
    'Of those 12, looked at in the same way, 0 stand off as far: this is hardly chance.',
    'Weighed most: Spain 75% and France 25%.',
    'Measured for the last time.',
    'It is too early to say: from Sat, Jun 27, 2026 on there are 14 days to look at.',
  ];
  const [page, finding] = await Promise.all([
    staff.open('/desk/guidance'),
    staff.open(`/desk/guidance/${findingId}`),
  ]);
  for (const each of said) {
    expect(textOf(page.body)).toContain(each);
    expect(textOf(finding.body)).toContain(each);
  }
  expect(page.body).toContain(`adjustment-${old}`);
  expect(finding.body).not.toContain(`adjustment-${old}`);
  expect(finding.body).not.toContain('name="verdict"');

  const read = async (path: string) => JSON.parse((await staff.open(`/v1/guidance${path}`)).body);
  const { effects } = await read(`/adjustments/${measured}/effects`);
  expect(effects.map(({ state, knownTo }: { state: string; knownTo: string }) => [state, knownTo])).toEqual([
    ['measured', '2026-07-01'],
    ['too_early', '2026-06-20'],
  ]);
  const { adjustments } = await read('/adjustments?region=PT');
  const of = (id: string) => adjustments.find((each: { id: string }) => each.id === id).effect;
  expect([of(measured), of(old)]).toEqual([effects[0], null]);
  expect((await read(`/findings/${findingId}`)).accepted.map(({ id }: { id: string }) => id).sort()).toEqual(
    [measured, early].sort(),
  );
  expect((await staff.open(`/v1/guidance/adjustments/${randomUUID()}/effects`)).statusCode).toBe(404);
});

test('a carrier that comes late is named with whom it is compared and with a text to send', async ({
  app,
  db,
  deps,
}) => {
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const facts = {
    carrier: 'Swift',
    from: '2026-06-01',
    to: '2026-06-28',
    due: 80,
    late: 20,
    othersDue: 100,
    othersLate: 4,
    elsewhereDue: 0,
    elsewhereLate: 0,
  };
  await sql`
    insert into guidance.adjustment (id, kind, subject, region, facts, expected_units, currency, proposed_at, changed_at)
    values (${randomUUID()}, 'contact_carrier', 'contact_carrier Swift NL', 'NL', ${JSON.stringify(facts)}::jsonb, 16, 'EUR',
      now(), now())`.execute(db);
  const { body } = await merchant.open('/desk/guidance');
  for (const said of [
    'Ask Swift why it comes late in Netherlands',
    'From Mon, Jun 1, 2026 to Sun, Jun 28, 2026, 20 of 80 shipments (25%) that left in time came after their promise.',
    'With other carriers there it was 4 of 100 (4%).',
    '16 shipments more in time in as many days',
    'we gave you 80 shipments for Netherlands in time. 20 of them (25%)',
  ])
    expect(body).toContain(said);
  expect(body).not.toContain('With Swift elsewhere');
});
