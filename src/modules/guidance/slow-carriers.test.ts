import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPlacedOrder, aSpreadVariant, partsOf } from '#modules/fulfilment/factory.ts';
import { carrierDelays } from '#modules/fulfilment/index.ts';
import type { Db } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { adjustments } from './adjustments.ts';
import { propose } from './propose.ts';
import { chanceOfAtLeast, slowCarriers } from './slow-carriers.ts';

const cell = (carrier: string, countryCode: string, late: number, due: number) => ({
  carrier,
  countryCode,
  late,
  due,
});

test('a carrier is slow where it is late more than chance makes of what is usual, beside others there and itself elsewhere', () => {
  expect(chanceOfAtLeast(2, 3, 0.5)).toBeCloseTo(0.5, 12);
  expect(chanceOfAtLeast(0, 3, 0.5)).toBe(1);
  expect(chanceOfAtLeast(3, 3, 0.1)).toBeCloseTo(0.001, 12);
  const slow = (...cells: ReturnType<typeof cell>[]) =>
    slowCarriers(cells).map(({ carrier, countryCode, excess }) => [carrier, countryCode, excess]);
  // Usual: 4.5 of 101 and 2.5 of 101, so 80 would have 3.56 of them.
  const usual = [cell('Calm', 'NL', 4, 100), cell('Swift', 'DE', 2, 100)];
  expect(slow(cell('Swift', 'NL', 20, 80), ...usual)).toEqual([['Swift', 'NL', 16]]);
  // All are late there; it is late everywhere; too few to say; nobody to compare with.
  expect(slow(cell('Swift', 'NL', 20, 80), cell('Calm', 'NL', 25, 100), cell('Swift', 'DE', 2, 100))).toEqual(
    [],
  );
  expect(slow(cell('Swift', 'NL', 20, 80), cell('Calm', 'NL', 4, 100), cell('Swift', 'DE', 25, 100))).toEqual(
    [],
  );
  expect(slow(cell('Swift', 'NL', 9, 20), ...usual)).toEqual([]);
  expect(slow(cell('Swift', 'NL', 20, 80), cell('Calm', 'NL', 0, 29))).toEqual([]);
  // Twice as often, and yet what chance makes of few.
  expect(slow(cell('Swift', 'NL', 10, 60), cell('Calm', 'NL', 7, 100))).toEqual([]);
});

interface Sent {
  carrier: string;
  region: string;
  count: number;
  leftDays?: number;
  arrivedDays: number | null;
}

/** Shipments that were to leave ten days ago and to arrive seven days ago: as many days late as said. */
async function sent(
  db: Db,
  partId: string,
  now: Date,
  { carrier, region, count, leftDays = 0, arrivedDays }: Sent,
) {
  const at = (days: number) => new Date(now.getTime() + days * 86_400_000);
  const left = at(leftDays - 10);
  const arrived = arrivedDays === null ? null : at(arrivedDays - 7);
  await sql`
    with part as (
      insert into fulfilment.fulfilment_order
      select (jsonb_populate_record(whole, jsonb_build_object('id', gen_random_uuid(), 'region_code', ${region}::text,
        'leaves_on', (${at(-10)}::timestamptz at time zone 'UTC')::date, 'promised_to', (${at(-7)}::timestamptz at time zone 'UTC')::date,
        'promised_from', (${at(-8)}::timestamptz at time zone 'UTC')::date, 'is_first', false))).*
      from fulfilment.fulfilment_order whole, generate_series(1, ${count}::integer) where whole.id = ${partId}
      returning id, order_id, location_id)
    insert into fulfilment.shipment (id, fulfilment_order_id, order_id, location_id, carrier, state, asked_at, shipped_at, delivered_at)
    select gen_random_uuid(), id, order_id, location_id, ${carrier},
      (case when ${arrived}::timestamptz is null then 'shipped' else 'delivered' end)::fulfilment.shipment_state,
      ${left}, ${left}, ${arrived}
    from part`.execute(db);
}

test('what left in time and came late or not at all is counted by carrier and country, and proposes to ask the carrier once', async ({
  deps,
  db,
  databaseUrl,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const [part] = await partsOf(db, await aPlacedOrder(db, { [variantId]: 1 }));
  await sql`
    insert into market.region (code, kind, parent_code, name) values ('NL-north', 'area', 'NL', 'North')
    on conflict do nothing`.execute(db);
  const now = deps.now();
  const send = (of: Sent) => sent(db, part?.id ?? '', now, of);
  await send({ carrier: 'Swift', region: 'NL', count: 55, arrivedDays: 0 });
  await send({ carrier: 'Swift', region: 'NL', count: 15, arrivedDays: 1 });
  await send({ carrier: 'Swift', region: 'NL-north', count: 10, arrivedDays: null });
  // Ours: it left a day after it was to leave.
  await send({ carrier: 'Swift', region: 'NL', count: 30, leftDays: 1, arrivedDays: 2 });
  await send({ carrier: 'Calm', region: 'NL', count: 99, arrivedDays: 0 });
  await send({ carrier: 'manual', region: 'NL', count: 40, arrivedDays: 3 });
  const period = { from: new Date(now.getTime() - 28 * 86_400_000), to: now, now };
  expect(await carrierDelays(db, period)).toEqual([cell('Calm', 'NL', 0, 99), cell('Swift', 'NL', 25, 80)]);
  // A week before now nothing that has not arrived is over yet.
  expect((await carrierDelays(db, { ...period, now: new Date(now.getTime() - 7 * 86_400_000) }))[1]).toEqual(
    cell('Swift', 'NL', 15, 70),
  );
  await propose(deps);
  await propose(deps);
  const found = (await adjustments(db, { limit: 100 })).filter(({ kind }) => kind === 'contact_carrier');
  expect(found).toMatchObject([
    {
      subject: 'contact_carrier Swift NL',
      region: 'NL',
      state: 'open',
      // 0.5 of 100 is usual: 0.4 of 80.
      expectedUnits: 25,
      expectedMinor: null,
      facts: {
        carrier: 'Swift',
        due: 80,
        late: 25,
        othersDue: 99,
        othersLate: 0,
        elsewhereDue: 0,
        elsewhereLate: 0,
      },
    },
  ]);
});
