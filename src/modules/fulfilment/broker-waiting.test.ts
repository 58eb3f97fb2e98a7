import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { receive } from '../inventory/index.ts';
import { aCart, aLocation, aWish, placed, placingDeps } from '../orders/factory.ts';
import { cancelUnits } from '../orders/index.ts';
import { brokering } from './broker-again.ts';
import { brokerWaiting, queueBrokering } from './broker-waiting.ts';
import { aPlacedOrder, aSpreadVariant, levelOf, partsOf } from './factory.ts';
import { reject } from './reject.ts';
import { tryAgain, unfillables } from './unfillable.ts';

const NOW = new Date('2026-11-24T10:00:00Z');
const now = () => NOW;
const inAWhile = () => new Date(Date.now() + 60_000).toISOString();

/** Orders of a variant, in this order, which their only location could not give: they wait. */
async function waitingOrders(
  db: Db,
  databaseUrl: string,
  quantities: readonly number[],
  { reason = 'damaged', work }: { reason?: 'damaged' | 'other'; work?: () => Promise<unknown> } = {},
) {
  const units = quantities.reduce((sum, each) => sum + each, 0);
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [units]);
  await work?.(); // the news of these goods is told before anybody waits
  const orders: string[] = [];
  for (const quantity of quantities) {
    const orderId = await aPlacedOrder(db, { [variantId]: quantity });
    await giveBack(db, orderId, reason);
    orders.push(orderId);
  }
  return { variantId, refusing: locationIds[0] ?? '', orders };
}

async function giveBack(db: Db, orderId: string, reason: 'damaged' | 'other'): Promise<void> {
  const [part] = await partsOf(db, orderId);
  const lines = (part?.lines ?? []).map(({ orderLineId, quantity }) => ({
    orderLineId,
    quantity,
    reason,
  }));
  const rejection = { id: randomUUID(), fulfilmentOrderId: part?.id ?? '', lines };
  await brokering(db, (tx) => reject(tx, rejection, new Date()));
}

const deliver = (db: Db, variantId: string, locationId: string, quantity: number) =>
  inTransaction(db, (tx) =>
    receive(tx, { id: randomUUID(), locationId, lines: [{ variantId, quantity }] }, new Date()),
  );

/** What lies where for each order, of what it has not given back. */
const placesOf = async (db: Db, orderIds: readonly string[]) =>
  Promise.all(
    orderIds.map(async (id) =>
      (await partsOf(db, id)).flatMap(({ state, locationId, lines }) =>
        state === 'rejected' || state === 'cancelled'
          ? []
          : [[locationId, lines.reduce((sum, { remaining }) => sum + remaining, 0)]],
      ),
    ),
  );

const waitingFor = async (db: Db, variantId: string) =>
  (await unfillables(db, 10_000)).flatMap((each) => (each.variantId === variantId ? [each.quantity] : []));

test('goods that come in go to those who wait for them, who has waited longest before the rest, and once', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, orders } = await waitingOrders(db, databaseUrl, [2, 1, 2]);
  const place = await aLocation(db);
  await deliver(db, variantId, place, 4);
  const asked = { place: { variantId, locationId: place }, until: inAWhile() };
  await brokerWaiting({ db, now }, asked);
  expect(await placesOf(db, orders)).toEqual([[[place, 2]], [[place, 1]], [[place, 1]]]);
  expect(await waitingFor(db, variantId)).toEqual([1]);
  const level = { onHand: 4, reserved: 0, allocated: 4, short: 0 };
  expect(await levelOf(db, variantId, place)).toEqual(level);
  const { rows } = await sql<{ kind: string; reserved: number; allocated: number }>`
    select kind, sum(reserved_delta)::integer as reserved, sum(allocated_delta)::integer as allocated
    from inventory.stock_movement where location_id = ${place} group by kind order by kind`.execute(db);
  expect(rows).toEqual([
    { kind: 'receive', reserved: 0, allocated: 0 },
    { kind: 'reserve', reserved: 4, allocated: 0 },
    { kind: 'allocate', reserved: -4, allocated: 4 },
  ]);
  const { rows: told } = await sql<{ name: string }>`
    select name from platform.event join platform.due_event on event_id = id
    where payload->>'locationId' = ${place} order by name`.execute(db);
  expect(told.map(({ name }) => name)).toEqual(['inventory.stock_came_in.v1', 'inventory.stock_ran_out.v1']);

  await brokerWaiting({ db, now }, asked);
  expect(await levelOf(db, variantId, place)).toEqual(level);
});

test('the news of goods looks for who waits, and asks nobody who has said no, but whom the goods have come to', async ({
  db,
  databaseUrl,
  work,
}) => {
  const broken = await waitingOrders(db, databaseUrl, [1, 1]);
  await deliver(db, broken.variantId, broken.refusing, 1);
  const unwilling = await waitingOrders(db, databaseUrl, [1, 1], { reason: 'other', work }); // their goods lie there still
  const other = await aLocation(db);
  await deliver(db, unwilling.variantId, other, 1);
  await work();
  expect(await placesOf(db, broken.orders)).toEqual([[[broken.refusing, 1]], []]);
  expect(await placesOf(db, unwilling.orders)).toEqual([[[other, 1]], []]);
  expect(await levelOf(db, unwilling.variantId, unwilling.refusing)).toMatchObject({
    onHand: 2,
    allocated: 0,
  });
});

test('what one order of a lot takes of a day’s parcels and of a shelf, the next does not find: as if each were asked alone', async ({
  db,
  databaseUrl,
}) => {
  const quantities = [1, 2, 1, 3, 1, 1, 2];
  const ways = [
    (variantId: string, locationId: string) =>
      brokerWaiting({ db, now }, { place: { variantId, locationId }, until: inAWhile() }),
    async (variantId: string) => {
      for (const { id } of (await unfillables(db, 10_000)).filter((each) => each.variantId === variantId))
        await brokering(db, (tx) => tryAgain(tx, id, NOW));
    },
  ];
  const found = [];
  for (const look of ways) {
    const { variantId, orders } = await waitingOrders(db, databaseUrl, quantities);
    const [near, far] = [await aLocation(db), await aLocation(db, { latitude: 48.85, longitude: 2.35 })];
    await sql`update inventory.location set capacity_per_day = 2 where id in (${near}, ${far})`.execute(db);
    await deliver(db, variantId, near, 6);
    await deliver(db, variantId, far, 4);
    await look(variantId, near);
    const parts = await Promise.all(orders.map((id) => partsOf(db, id)));
    found.push({
      parts: parts.map((each) =>
        each.flatMap(({ state, locationId, leavesOn, promisedTo, lines }) =>
          state === 'assigned'
            ? [[locationId === near ? 'near' : 'far', leavesOn, promisedTo, lines[0]?.quantity]]
            : [],
        ),
      ),
      waiting: await waitingFor(db, variantId),
    });
  }
  const [together, alone] = found;
  expect(together).toEqual(alone);
  expect(together?.waiting).toEqual([1]);
  const days = new Set(together?.parts.flat().map(([, leavesOn]) => leavesOn));
  expect(days.size).toBeGreaterThan(1);
});

test('what was cancelled and has not been taken out yet is found for nobody, in a lot or alone', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, orders } = await waitingOrders(db, databaseUrl, [1, 1]);
  const [cancelled = '', kept = ''] = orders;
  await inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId: cancelled, reason: 'a test', actor: 'system' }),
  );
  const place = await aLocation(db);
  await deliver(db, variantId, place, 5);
  await brokerWaiting({ db, now }, { place: { variantId, locationId: place }, until: inAWhile() });
  expect(await placesOf(db, orders)).toEqual([[], [[place, 1]]]);
  await work();
  expect(await levelOf(db, variantId, place)).toMatchObject({ onHand: 5, allocated: 1 });
  expect(await waitingFor(db, variantId)).toEqual([]);
  expect((await placesOf(db, [kept]))[0]).toEqual([[place, 1]]);
});

test('who is looked for alone is not offered to who has said no either', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, orders } = await waitingOrders(db, databaseUrl, [2], { reason: 'other', work });
  const [orderId = ''] = orders;
  const [line] = (await unfillables(db, 10_000)).filter((each) => each.orderId === orderId);
  const lines = [{ lineId: line?.orderLineId ?? '', quantity: 1 }];
  await inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId, reason: 'a test', actor: 'system', lines }),
  );
  await work();
  const far = await aLocation(db, { latitude: 48.85, longitude: 2.35 });
  await deliver(db, variantId, far, 3);
  await brokerWaiting({ db, now }, { place: { variantId, locationId: far }, until: inAWhile() });
  expect(await placesOf(db, orders)).toEqual([[[far, 1]]]);
});

test('looked for twice at once while others buy: every unit is promised once, and nobody is found twice', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, orders } = await waitingOrders(db, databaseUrl, [1, 1, 1, 1, 1, 1]);
  const place = await aLocation(db);
  await deliver(db, variantId, place, 8);
  const deps = placingDeps(db, () => new Date());
  const buy = async () => {
    const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);
    await placed(deps, GUEST, wish);
  };
  const asked = { place: { variantId, locationId: place }, until: inAWhile() };
  const ended = await Promise.allSettled([
    brokerWaiting({ db, now }, asked),
    brokerWaiting({ db, now }, asked),
    ...Array.from({ length: 5 }, buy),
  ]);
  const bought = ended.slice(2).filter(({ status }) => status === 'fulfilled').length;
  const found = (await placesOf(db, orders)).flat().length;
  expect(ended.slice(0, 2).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect(bought + found).toBe(8);
  expect(await levelOf(db, variantId, place)).toEqual({ onHand: 8, reserved: 0, allocated: 8, short: 0 });
  expect((await waitingFor(db, variantId)).length).toBe(6 - found);
});

test('news of goods that nobody waits for looks for nobody', async ({ db, databaseUrl }) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [1]);
  const place = { variantId, locationId: locationIds[0] ?? '' };
  await inTransaction(db, (tx) => queueBrokering(tx, place, new Date()));
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from graphile_worker.jobs
    where key like ${`fulfilment.broker_waiting:${variantId}%`}`.execute(db);
  expect(rows).toEqual([{ count: 0 }]);
});
