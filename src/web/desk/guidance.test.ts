import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
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
  expect(empty).toContain('Nothing to move or keep back');

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
  expect((await merchant.open('/desk')).body).toContain('1 figure is out of the ordinary.');
  const page = (await merchant.open('/desk/guidance')).body;
  for (const text of ['Net sales, Netherlands', 'seven days', '€12,345.00', '€20,000.00', '−€7,655.00'])
    expect(page).toContain(text);
  expect(page).toContain(
    '2 counts in 13 weeks found fewer than the books said, 2 at the most; 1 are kept back now.',
  );
  expect(page).toContain('3 × €5.00 = €15.00');

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
