import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import { servingCosted } from '#events/market.ts';
import { feeNoted } from '#events/payments.ts';
import { contactCosted } from '#events/satisfaction.ts';
import { GUEST, type Viewer } from '#platform/access.ts';
import { openBulk } from '#platform/bulk.ts';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { emit } from '#platform/events.ts';
import { deliverEvent } from '#platform/tell-events.ts';
import { importCatalog } from '../catalog/index.ts';
import { aLocation as aStore } from '../inventory/factory.ts';
import { availabilityOf, type ImportedLocation, post, receive } from '../inventory/index.ts';
import { creditAll, creditFreshness, setServeRate } from '../market/index.ts';
import { noteAllFees } from '../payments/factory.ts';
import { setFeeRate } from '../payments/index.ts';
import { assignmentsOf } from '../routing/index.ts';
import { addLine, openCart } from './cart.ts';
import type { DeliveryMethod } from './delivery-methods.ts';
import type { OrderWish } from './draft.ts';
import { noteGoodsCost } from './goods-cost.ts';
import { orders } from './module.ts';
import { readOrder } from './order.ts';
import type { PastOrder } from './past.ts';
import { placeOrder } from './place-order.ts';
import { requestReturn, type ReturnWish } from './return-request.ts';
import { type ReturnStep, takeReturnStep } from './return-step.ts';
import { noteShipment } from './shipped.ts';

export const placingDeps = (db: Db, now: () => Date = () => new Date()) => ({
  db,
  config: readConfig({}),
  now,
});

export async function aMember(db: Db): Promise<Viewer & { memberId: string }> {
  const memberId = randomUUID();
  await sql`
    insert into identity.member (id, name, email) values (${memberId}, 'Ada', ${`${memberId}@example.com`})`.execute(
    db,
  );
  return { ...GUEST, kind: 'member', memberId };
}

/** A way by which an order is collected in a store, free. */
export const COLLECT: DeliveryMethod = {
  code: 'collect',
  name: 'Collect',
  kind: 'pickup',
  transitDaysMin: 1,
  transitDaysMax: 3,
  position: 3,
  isActive: true,
  regionCodes: [],
  rates: [{ currency: 'EUR', amountMinor: 0, freeFromMinor: null }],
};

/** A published product with one variant, which costs `amountMinor` euro cents. */
export async function aVariant(databaseUrl: string, amountMinor = 1000): Promise<string> {
  const variantId = randomUUID();
  await aProduct(databaseUrl, { [variantId]: amountMinor });
  return variantId;
}

/** A published product with these variants, by what each costs in euro cents. */
export async function aProduct(databaseUrl: string, prices: Record<string, number>): Promise<string> {
  const id = randomUUID();
  const variants = Object.entries(prices).map(([variantId, amountMinor], index) => ({
    id: variantId,
    sku: variantId,
    optionValues: [index === 0 ? 'Sage' : `Sage ${index + 1}`],
    offers: [{ currency: 'EUR', amountMinor }],
  }));
  const product = { id, slug: `p-${id}`, title: 'A vase', optionNames: ['Colour'], variants };
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((each) => importCatalog(each, { source: 'test', products: [product] }));
  return id;
}

/** A store that never closes: what is sent from it leaves on the same day. */
export const aLocation = (db: Db, facts: Partial<ImportedLocation> = {}): Promise<string> =>
  aStore(db, {
    openingHours: Array.from({ length: 7 }, () => ({ opens: '00:00', closes: '24:00' })),
    ...facts,
  });

/** A variant with its stock at one new location. */
export async function aStockedVariant(db: Db, databaseUrl: string, quantity: number, amountMinor?: number) {
  const place = { variantId: await aVariant(databaseUrl, amountMinor), locationId: await aLocation(db) };
  const delivery = {
    id: randomUUID(),
    locationId: place.locationId,
    lines: [{ variantId: place.variantId, quantity }],
  };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
  return place;
}

export async function aCart(db: Db, viewer: Viewer, lines: Record<string, number>): Promise<string> {
  return inTransaction(db, async (tx) => {
    const cartId = await openCart(tx, viewer, undefined, 'EUR');
    for (const [variantId, quantity] of Object.entries(lines)) {
      await addLine(tx, viewer, cartId, { variantId, quantity }, new Date());
    }
    return cartId;
  });
}

export const aWish = (cartId: string, totalMinor: number, facts: Partial<OrderWish> = {}): OrderWish => ({
  orderId: randomUUID(),
  cartId,
  totalMinor,
  deliveryCode: 'standard',
  touchpoint: 'web',
  paymentToken: 'approved',
  address: {
    email: 'ada@example.com',
    name: 'Ada Example',
    street: 'Long Street 1',
    postcode: '1011 AB',
    city: 'Amsterdam',
    countryCode: 'NL',
  },
  ...facts,
});

export const aPastOrder = (externalRef: string, facts: Partial<PastOrder> = {}): PastOrder => ({
  id: randomUUID(),
  source: 'test',
  externalRef,
  number: externalRef,
  customerId: null,
  touchpoint: 'till',
  currency: 'GBP',
  regionCode: 'GB',
  placedAt: new Date('2010-12-01T08:26:00Z'),
  businessDay: '2010-12-01',
  lines: [],
  ...facts,
});

/** What may be promised of a variant, over all locations. */
export const freeUnits = async (db: Db, variantId: string) =>
  (await availabilityOf(db, [variantId])).get(variantId)?.available;

/** How many units of these orders each location is to send. */
export async function unitsAssigned(db: Db, orderIds: readonly string[]): Promise<Record<string, number>> {
  const units: Record<string, number> = {};
  for (const orderId of orderIds) {
    for (const { locationId, lines } of await assignmentsOf(db, orderId)) {
      units[locationId] = lines.reduce((sum, line) => sum + line.quantity, units[locationId] ?? 0);
    }
  }
  return units;
}

/** An order's payments in our books, and in the provider's. Settled: nothing more is asked of the provider. */
export const paymentsOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ state: string; settled: boolean; taken: string | null }>`
    select payment.state, not exists (
      select from payments.operation where payment_id = payment.id and operation.state = 'pending') as settled,
      books.state as taken
    from payments.payment left join payments.test_payment books on books.payment_id = payment.id
    where order_id = ${orderId} order by payment.created_at`.execute(db);
  return rows;
};

/** An order that its buyer was not sent away from. */
export async function placed(deps: Parameters<typeof placeOrder>[0], viewer: Viewer, wish: OrderWish) {
  const answer = await placeOrder(deps, viewer, wish);
  assert('number' in answer);
  return answer;
}

/** An order of one line that was sent whole, or in part: three units of 10.01 each and postage, where nothing is told. */
export async function aShippedOrder(
  db: Db,
  databaseUrl: string,
  {
    viewer = GUEST,
    units = 3,
    sent = units,
    ...facts
  }: { viewer?: Viewer; units?: number; sent?: number } & Partial<OrderWish> = {},
) {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, units + 2, 1001);
  const wish = aWish(await aCart(db, viewer, { [variantId]: units }), units * 1001 + 495, facts);
  await placeOrder(placingDeps(db), viewer, wish);
  const { lines } = await readOrder(db, wish.orderId);
  const order = { ...wish, variantId, locationId, lineId: lines[0]?.id ?? '' };
  if (sent > 0) await send(db, order, sent);
  return order;
}

/** As `aShippedOrder`, with another option of the same product that lies beside it and costs 15.00 today. */
export async function anExchangeableOrder(
  db: Db,
  databaseUrl: string,
  {
    viewer = GUEST,
    units = 3,
    sent = units,
    others = 5,
    ...facts
  }: { viewer?: Viewer; units?: number; sent?: number; others?: number } & Partial<OrderWish> = {},
) {
  const [variantId, otherId, locationId] = [randomUUID(), randomUUID(), await aLocation(db)];
  await aProduct(databaseUrl, { [variantId]: 1001, [otherId]: 1500 });
  const lines = [
    { variantId, quantity: units + 2 },
    { variantId: otherId, quantity: others },
  ];
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  const wish = aWish(await aCart(db, viewer, { [variantId]: units }), units * 1001 + 495, facts);
  await placeOrder(placingDeps(db), viewer, wish);
  const lineId = (await readOrder(db, wish.orderId)).lines[0]?.id ?? '';
  const order = { ...wish, variantId, otherId, locationId, lineId };
  if (sent > 0) await send(db, order, sent);
  return order;
}

/** What fulfilment does when goods leave. */
export async function send(
  db: Db,
  {
    orderId,
    lineId,
    variantId,
    locationId,
  }: Record<'orderId' | 'lineId' | 'variantId' | 'locationId', string>,
  quantity: number,
  at: Date = new Date(),
): Promise<void> {
  const shipmentId = randomUUID();
  await inTransaction(db, async (tx) => {
    const sent = await post(tx, 'ship', { id: shipmentId, at }, [{ variantId, locationId, quantity }]);
    const moving = { documentId: shipmentId, orderId, locationId, at };
    await noteGoodsCost(tx, 'sent', moving, [{ lineId, variantId, units: quantity }], sent);
    const lines = [{ lineId, variantId, quantity }];
    const about = { orderId, shipmentId, fulfilmentOrderId: shipmentId, locationId };
    await noteShipment(tx, { ...about, lines, occurredAt: at.toISOString() });
  });
}

type Sent = Parameters<typeof send>[1];

/** The same, and those hear of it who follow what leaves. */
export async function sendAndTell(db: Db, sent: Sent, quantity: number): Promise<void> {
  await send(db, sent, quantity);
  await tellSent(db, sent, quantity);
}

export async function tellSent(db: Db, sent: Sent, quantity: number): Promise<void> {
  const { orderId, locationId, lineId, variantId } = sent;
  const shipmentId = randomUUID();
  const lines = [{ lineId, variantId, quantity }];
  const about = { orderId, locationId, shipmentId, fulfilmentOrderId: shipmentId, lines };
  await inTransaction(db, (tx) =>
    emit(tx, fulfilmentShipped, { ...about, byParcel: true, occurredAt: new Date().toISOString() }),
  );
}

/** The same, damaged ones among them, unless more is asked for than was sent. */
export async function bringBackSome(
  db: Db,
  order: Bought,
  { units, damage }: { units: number; damage: number },
): Promise<void> {
  try {
    await bringBack(db, order, await request(db, order, units), { restock: units - damage, damage });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** Sets what the provider `test` takes and what serving costs at a location, parcels and returns. */
export async function aRatedPlace(db: Db, locationId: string, minuteMinor = 50): Promise<void> {
  const startsOn = '2020-01-01';
  const fee = { perMillion: 14_000, fixedMinor: 25, refundMinor: 10 };
  const work = { minutesFixed: 4, minutesPerLine: 1.5, minuteMinor, labelMinor: 410, packagingMinor: 60 };
  const back = { returnMinutesFixed: 3, returnMinutesPerLine: 2, returnLabelMinor: 395 };
  const place = { locationId, startsOn, currency: 'EUR' };
  await inTransaction(db, async (tx) => {
    await setFeeRate(tx, 'system', { provider: 'test', currency: 'EUR', startsOn, ...fee }, new Date());
    await setServeRate(tx, { ...place, ...work, ...back }, new Date());
  });
}

/** All that is known by now of what orders cost is in their ledger. */
export async function costsTold(db: Db): Promise<void> {
  const deps = placingDeps(db);
  do await creditAll(deps);
  while ((await creditFreshness(db)).isBehind);
  await noteAllFees(deps);
  const { rows } = await sql<{ id: string }>`
    select id from platform.event where name in (${servingCosted.name}, ${feeNoted.name}, ${contactCosted.name}) order by id`.execute(
    db,
  );
  const subscribers = (orders.subscribers ?? []).filter(({ name }) => TELL_COSTS.includes(name));
  for (const { id } of rows) await deliverEvent(db, subscribers, id);
}

const TELL_COSTS = ['orders.note_serving', 'orders.note_fee', 'orders.note_contact_cost'];

export const ordersOf = async (db: Db, cartId: string) => {
  const { rows } = await sql<{ id: string }>`select id from orders.order where cart_id = ${cartId}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
};

type Bought = Awaited<ReturnType<typeof aShippedOrder>>;
const NOW = () => new Date();

/** A return that its buyer asks for: what it is called. */
export async function request(
  db: Db,
  { orderId, lineId }: Pick<Bought, 'orderId' | 'lineId'>,
  quantity: number,
  {
    withinDays,
    now = NOW(),
    reason = 'changed_mind',
    ...facts
  }: Partial<ReturnWish> & {
    withinDays?: number;
    now?: Date;
    reason?: ReturnWish['lines'][number]['reason'];
  } = {},
): Promise<string> {
  const wish: ReturnWish = {
    id: randomUUID(),
    orderId,
    kind: 'return',
    touchpoint: 'web',
    refundTo: 'original',
    lines: [{ lineId, quantity, reason }],
    ...facts,
  };
  const by = { actor: 'guest', ...(withinDays !== undefined && { withinDays }) };
  await inTransaction(db, (tx) => requestReturn(tx, wish, by, now));
  return wish.id;
}

export const step = (
  db: Db,
  requestId: string,
  facts: Partial<ReturnStep> & Pick<ReturnStep, 'to'>,
  now = NOW(),
) =>
  inTransaction(db, (tx) =>
    takeReturnStep(tx, { id: randomUUID(), requestId, actor: 'system', ...facts }, now),
  );

/** It comes, and is looked at. */
export async function bringBack(
  db: Db,
  { lineId, locationId }: Pick<Bought, 'lineId' | 'locationId'>,
  requestId: string,
  found: { restock?: number; damage?: number; refuse?: number },
) {
  await step(db, requestId, { to: 'received', locationId });
  const lines = [{ lineId, restock: 0, damage: 0, refuse: 0, ...found }];
  await step(db, requestId, { to: 'inspected', lines });
}
