import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Static } from 'typebox';
import { expect } from 'vitest';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import { orderPlaced, returnRecorded, unitsCancelled } from '#events/orders.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { emit, recordPast } from '#platform/events.ts';
import { addDays } from '#platform/days.ts';
import { newId } from '#platform/ids.ts';
import { test as base } from '#test/harness.ts';
import { creditSums } from './credit-sums.ts';
import { creditAll, creditFreshness } from './follow-credits.ts';
import { setServeRate } from './serve-rates.ts';
import { setTerritory } from './territories.ts';

type Order = Static<typeof orderPlaced.schema>;
const NOW = new Date('2026-06-30T12:00:00Z');

const line = (
  netMinor: number,
  variantId: string = randomUUID(),
  kind: Order['lines'][number]['kind'] = 'goods',
) => ({
  lineId: newId(),
  kind,
  productId: null,
  variantId,
  quantity: 1,
  grossMinor: netMinor,
  discountMinor: 0,
  netMinor,
});

function anOrder(more: Partial<Order>): Order {
  const orderId = newId();
  const facts = { orderId, number: orderId, customerId: null, touchpoint: 'web', source: 'stoa' };
  const businessDay = more.businessDay ?? '2026-06-10';
  return {
    ...facts,
    regionCode: 'NL',
    currency: 'EUR',
    businessDay,
    occurredAt: `${businessDay}T12:00:00.000Z`,
    lines: [],
    ...more,
  };
}

const backOf = (order: Order, lines: Order['lines'], more: Partial<Order> = {}) => ({
  ...order,
  returnId: newId(),
  ...more,
  lines,
});

const test = base
  .extend('credit', { scope: 'file' }, async ({ db, deps }) => async () => {
    // Another database's open transaction holds everybody's events back until it ends.
    do await creditAll({ db, config: deps.config });
    while ((await creditFreshness(db)).isBehind);
  })
  .extend('give', { scope: 'file' }, async ({ db }) => {
    const placed = {
      north: { latitude: 53, longitude: 5 },
      south: { latitude: 51, longitude: 6 },
    };
    return (regionCode: string, startsOn: string, stores: Record<string, number>) =>
      inTransaction(db, (tx) =>
        setTerritory(
          tx,
          {
            id: randomUUID(),
            regionCode,
            startsOn,
            stores: Object.entries(stores).map(([locationId, attractiveness], index) => ({
              locationId,
              attractiveness,
              position: index === 0 ? placed.north : placed.south,
            })),
            note: '',
            setBy: null,
          },
          NOW,
        ),
      );
  });

const place = (tx: Tx, order: Order) => emit(tx, orderPlaced, order);
const on = (currency: string, from = '2026-01-01', to = '2026-12-31') => ({ from, to, currency });

test('a sale is its region’s store’s, wherever it was made; what nobody claims is unassigned, and both are net sales', async ({
  db,
  credit,
  give,
}) => {
  const store = randomUUID();
  await give('PT', '2026-01-01', { [store]: 1 });
  await inTransaction(db, async (tx) => {
    const lines = [line(1000), line(-150, undefined, 'discount'), line(595, undefined, 'postage')];
    await place(tx, anOrder({ regionCode: 'PT', currency: 'AAA', lines }));
    await place(
      tx,
      anOrder({ regionCode: 'PT', currency: 'AAA', businessDay: '2025-12-31', lines: [line(7)] }),
    );
    await place(tx, anOrder({ regionCode: 'MX', currency: 'AAA', touchpoint: 'till', lines: [line(333)] }));
  });
  await credit();
  expect(await creditSums(db, on('AAA', '2025-01-01'))).toEqual({
    locations: [{ locationId: store, regionalMinor: 850, fulfilmentMinor: 0 }],
    associates: [],
    unassignedMinor: 340,
    regionalMinor: 1190,
  });
});

test('a return takes from those who were credited with the line, wherever it comes back; the whole line leaves nothing', async ({
  db,
  credit,
  give,
}) => {
  const [near, far] = [randomUUID(), randomUUID()];
  await give('NO', '2026-01-01', { [near]: 3, [far]: 2 });
  const [one, two] = [line(1001), line(998)];
  const order = anOrder({ regionCode: 'NO', currency: 'BBB', lines: [one, two] });
  await inTransaction(db, (tx) => place(tx, order));
  await credit();
  const whole = await creditSums(db, on('BBB'));
  expect(whole.regionalMinor).toBe(1999);
  await give('NO', '2026-06-11', { [far]: 1 });

  const parts = [333, 1, 334, 333].map((netMinor) => ({ ...one, lineId: newId(), netMinor }));
  await inTransaction(db, async (tx) => {
    for (const [index, part] of parts.entries()) {
      const more = { regionCode: 'MX', businessDay: addDays('2026-06-12', index) };
      await emit(tx, returnRecorded, backOf(order, [part], more));
    }
    const cancelled = {
      ...order,
      cancellationId: newId(),
      businessDay: '2026-06-15',
      lines: [{ ...two, lineId: newId(), orderLineId: two.lineId }],
    };
    await emit(tx, unitsCancelled, cancelled);
  });
  await credit();
  const after = await creditSums(db, on('BBB'));
  expect(after.regionalMinor).toBe(0);
  expect(after.locations.map(({ regionalMinor }) => regionalMinor)).toEqual([0, 0]);
  expect(await creditSums(db, on('BBB', '2026-06-11'))).toMatchObject({
    regionalMinor: -1999,
    unassignedMinor: 0,
    locations: whole.locations.map(({ locationId, regionalMinor }) => ({
      locationId,
      regionalMinor: -regionalMinor,
      fulfilmentMinor: 0,
    })),
  });
});

test('a return that names no order is taken from its region’s store of its day', async ({
  db,
  credit,
  give,
}) => {
  const store = randomUUID();
  await give('FI', '2026-03-01', { [store]: 1 });
  await inTransaction(db, async (tx) => {
    const back = { ...anOrder({ regionCode: 'FI', currency: 'CCC' }), orderId: null };
    await recordPast(tx, returnRecorded, [
      { id: newId(), payload: { ...back, returnId: newId(), lines: [line(40)] } },
      { id: newId(), payload: { ...back, returnId: newId(), businessDay: '2026-02-28', lines: [line(5)] } },
    ]);
  });
  await credit();
  expect(await creditSums(db, on('CCC'))).toMatchObject({ unassignedMinor: -5, regionalMinor: -45 });
});

test('a return that was read before its order is credited anew when the order comes', async ({
  db,
  credit,
  give,
}) => {
  const store = randomUUID();
  await give('IE', '2026-01-01', { [store]: 1 });
  const order = anOrder({ regionCode: 'IE', currency: 'DDD', lines: [line(100)] });
  await inTransaction(db, (tx) => emit(tx, returnRecorded, backOf(order, order.lines, { regionCode: 'MX' })));
  await credit();
  expect(await creditSums(db, on('DDD'))).toMatchObject({ unassignedMinor: -100, locations: [] });
  await inTransaction(db, (tx) => place(tx, order));
  await credit();
  expect(await creditSums(db, on('DDD'))).toEqual({
    locations: [{ locationId: store, regionalMinor: 0, fulfilmentMinor: 0 }],
    associates: [],
    unassignedMinor: 0,
    regionalMinor: 0,
  });
});

test('what was shipped is credited to its location at what it cost, and the associate who helped with the sale: apart', async ({
  db,
  credit,
}) => {
  const [locationId, associateId] = [randomUUID(), randomUUID()];
  const cost = {
    minutesFixed: 3,
    minutesPerLine: 1.5,
    minuteMinor: 45.5,
    labelMinor: 410,
    packagingMinor: 60,
  };
  const rate = { locationId, currency: 'EEE', ...cost };
  await inTransaction(db, async (tx) => {
    await setServeRate(tx, { ...rate, startsOn: '2026-01-01', labelMinor: 1 }, NOW);
    await setServeRate(tx, { ...rate, startsOn: '2026-06-12', labelMinor: 999 }, NOW); // corrected by the next
    await setServeRate(tx, { ...rate, startsOn: '2026-06-12' }, NOW);
    await setServeRate(tx, { ...rate, startsOn: '2026-06-13', labelMinor: 2 }, NOW);
  });
  const order = anOrder({ regionCode: 'MX', currency: 'EEE', associateId, lines: [line(1000), line(500)] });
  const [first, second] = order.lines;
  await inTransaction(db, async (tx) => {
    await place(tx, order);
    const lines = [first, second].map((each) => ({
      lineId: each?.lineId ?? '',
      variantId: randomUUID(),
      quantity: 1,
    }));
    const shipment = {
      orderId: order.orderId,
      fulfilmentOrderId: newId(),
      shipmentId: newId(),
      locationId,
      lines,
    };
    await emit(tx, fulfilmentShipped, { ...shipment, occurredAt: '2026-06-11T23:30:00Z' });
    await emit(tx, returnRecorded, backOf(order, first ? [{ ...first, lineId: newId() }] : []));
  });
  await credit();
  expect(await creditSums(db, on('EEE'))).toEqual({
    locations: [{ locationId, regionalMinor: 0, fulfilmentMinor: 743 }], // 6 × 45.5 + 410 + 60, of the day by the shop's clock
    associates: [{ associateId, amountMinor: 500 }],
    unassignedMinor: 500,
    regionalMinor: 500,
  });
});

test('what its buyer carries away costs the location no label; what was told before that was said counts as a parcel', async ({
  db,
  credit,
}) => {
  const places = { handed: randomUUID(), sent: randomUUID(), untold: randomUUID() };
  const facts = { currency: 'EEF', minutesFixed: 2, minutesPerLine: 1, minuteMinor: 50.5 };
  await inTransaction(db, async (tx) => {
    for (const locationId of Object.values(places)) {
      const rate = { ...facts, locationId, startsOn: '2026-01-01', labelMinor: 410, packagingMinor: 61 };
      await setServeRate(tx, rate, NOW);
    }
    for (const [locationId, told] of [
      [places.handed, { byParcel: false }],
      [places.sent, { byParcel: true }],
      [places.untold, {}],
    ] as const) {
      const lines = [{ lineId: newId(), variantId: randomUUID(), quantity: 2 }];
      const ids = { orderId: newId(), fulfilmentOrderId: newId(), shipmentId: newId() };
      const occurredAt = '2026-06-11T10:00:00Z';
      await emit(tx, fulfilmentShipped, { ...ids, locationId, lines, occurredAt, ...told });
    }
  });
  await credit();
  const { locations } = await creditSums(db, on('EEF'));
  expect(new Map(locations.map(({ locationId, fulfilmentMinor }) => [locationId, fulfilmentMinor]))).toEqual(
    new Map([
      [places.handed, 213], // 3 × 50.5 to the even penny, and 61
      [places.sent, 623],
      [places.untold, 623],
    ]),
  );
});

test('a territory of the past credits sales anew from its day, once, and returns follow their order', async ({
  db,
  credit,
  give,
}) => {
  const [before, after] = [randomUUID(), randomUUID()];
  await give('PL', '2026-01-01', { [before]: 1 });
  const early = anOrder({ regionCode: 'PL', currency: 'FFF', businessDay: '2026-03-01', lines: [line(10)] });
  const late = anOrder({ regionCode: 'PL', currency: 'FFF', businessDay: '2026-04-01', lines: [line(100)] });
  await inTransaction(db, async (tx) => {
    await place(tx, early);
    await place(tx, late);
    await emit(tx, returnRecorded, backOf(early, early.lines, { businessDay: '2026-05-01' }));
    await emit(
      tx,
      returnRecorded,
      backOf(late, [line(30, late.lines[0]?.variantId ?? '')], { businessDay: '2026-05-01' }),
    );
  });
  await credit();
  await give('PL', '2026-04-01', { [after]: 1 });
  await credit();
  const rows = async () =>
    (
      await sql<{
        count: number;
      }>`select count(*) as count from market.sale_credit where currency = 'FFF'`.execute(db)
    ).rows[0]?.count;
  const expected = {
    unassignedMinor: 0,
    regionalMinor: 70,
    locations: expect.arrayContaining([
      { locationId: before, regionalMinor: 0, fulfilmentMinor: 0 },
      { locationId: after, regionalMinor: 70, fulfilmentMinor: 0 },
    ]),
  };
  expect(await creditSums(db, on('FFF'))).toMatchObject(expected);
  expect(await rows()).toBe(8); // four, and for the late order and its return a reversal and a new one each
  await give('PL', '2026-04-01', { [after]: 1 });
  await credit();
  expect(await creditSums(db, on('FFF'))).toMatchObject(expected);
  expect(await rows()).toBe(8);
});

const REGIONS = ['SE', 'DK', 'CZ'];
const STORES: string[] = [randomUUID(), randomUUID(), randomUUID()];
const Day = fc.integer({ min: 0, max: 20 }).map((offset) => addDays('2026-01-01', offset));
const Amount = fc.integer({ min: -500, max: 3000 });
const Step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      region: fc.constantFrom(...REGIONS),
      day: Day,
      amounts: fc.array(Amount, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('back' as const),
      of: fc.nat(),
      day: Day,
      part: fc.integer({ min: 1, max: 3 }),
      isNamed: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('give' as const),
      region: fc.constantFrom(...REGIONS, 'world'),
      day: Day,
      stores: fc.uniqueArray(fc.constantFrom(...STORES), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('credit' as const) }) },
);

test('regional credits and the unassigned rest are net sales to the minor unit, on every day, whatever happens', async ({
  db,
  credit,
  give,
}) => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { minLength: 3, maxLength: 14 }), async (steps) => {
      run += 1;
      const currency = `G${String.fromCharCode(65 + (run % 26))}${String.fromCharCode(65 + Math.floor(run / 26))}`;
      const net = new Map<string, number>();
      const orders: Order[] = [];
      const count = (day: string, amount: number) => net.set(day, (net.get(day) ?? 0) + amount);
      for (const step of steps) {
        if (step.do === 'credit') await credit();
        else if (step.do === 'give') {
          const region = step.stores.length > 1 && step.region === 'world' ? 'SE' : step.region;
          await give(region, step.day, Object.fromEntries(step.stores.map((id, index) => [id, index + 1.5])));
        } else if (step.do === 'order') {
          const order = anOrder({
            regionCode: step.region,
            currency,
            businessDay: step.day,
            lines: step.amounts.map((amount) => line(amount)),
          });
          orders.push(order);
          for (const amount of step.amounts) count(step.day, amount);
          await inTransaction(db, (tx) => place(tx, order));
        } else {
          const order = orders[step.of % Math.max(orders.length, 1)];
          const [first] = order?.lines ?? [];
          if (!order || !first) continue;
          const netMinor = Math.trunc(first.netMinor / step.part);
          count(step.day, -netMinor);
          const back = { ...backOf(order, [{ ...first, lineId: newId(), netMinor }]), businessDay: step.day };
          await inTransaction(db, (tx) =>
            emit(tx, returnRecorded, { ...back, orderId: step.isNamed ? order.orderId : null }),
          );
        }
      }
      await credit();
      for (const [day, amount] of net) {
        expect((await creditSums(db, on(currency, day, day))).regionalMinor).toBe(amount);
      }
      const { rows } = await sql<{ wrong: number }>`
        select count(*) as wrong from (
          select business_day, kind, location_id, sum(amount_minor) from market.sale_credit where currency = ${currency} group by 1, 2, 3
          except select business_day, kind, location_id, amount_minor from market.credit_day where currency = ${currency}
        ) as differing`.execute(db);
      expect(rows).toEqual([{ wrong: 0 }]);
    }),
    { numRuns: 15 },
  );
});
