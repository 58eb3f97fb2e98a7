import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Static } from 'typebox';
import { orderRecorded, returnRecorded, unitsCancelled } from '#events/orders.ts';
import { type aShippedOrder, bringBackSome } from '#modules/orders/factory.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { recordPast } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { catchUp, type FollowerDeps } from './follow-events.ts';
import { freshness, stockFreshness } from './freshness.ts';

export { catchUp };

type OrderPayload = Static<typeof orderRecorded.schema>;
export type LineKind = OrderPayload['lines'][number]['kind'];

interface SaleLine {
  kind?: LineKind;
  quantity?: number;
  grossMinor: number;
  discountMinor?: number;
  productId?: string;
  variantId?: string;
}

export interface Sale {
  isReturn?: boolean;
  isCancellation?: boolean;
  regionCode?: string;
  currency?: string;
  businessDay?: string;
  occurredAt?: string;
  touchpoint?: string;
  source?: string;
  customerId?: string | null;
  /** Of a return or a cancellation: what it takes from, line by line. */
  of?: RecordedSale;
  lines: SaleLine[];
}

export interface RecordedSale {
  orderId: string;
  lineIds: string[];
}

/** An event of an order, a return or a cancellation, as `orders` would record it, for tests of what follows the event table. */
export async function recordSale(tx: Tx, sale: Sale): Promise<RecordedSale> {
  const documentId = newId();
  const businessDay = sale.businessDay ?? '2026-06-01';
  const payload: OrderPayload = {
    orderId: documentId,
    number: documentId,
    customerId: sale.customerId ?? null,
    touchpoint: sale.touchpoint ?? 'web',
    regionCode: sale.regionCode ?? 'NL',
    currency: sale.currency ?? 'EUR',
    businessDay,
    occurredAt: sale.occurredAt ?? `${businessDay}T12:00:00.000Z`,
    source: sale.source ?? 'stoa',
    lines: sale.lines.map(
      ({
        kind = 'goods',
        quantity = 1,
        grossMinor,
        discountMinor = 0,
        productId = null,
        variantId = null,
      }) => ({
        lineId: newId(),
        kind,
        productId,
        variantId,
        quantity,
        grossMinor,
        discountMinor,
        netMinor: grossMinor - discountMinor,
      }),
    ),
  };
  const id = newId();
  const lines = payload.lines.map((line, index) => ({
    ...line,
    orderLineId: sale.of?.lineIds[index] ?? newId(),
  }));
  const orderId = sale.of?.orderId ?? documentId;
  if (sale.isReturn) {
    const back = sale.of ? { orderId, lines } : { orderId: null };
    await recordPast(tx, returnRecorded, [{ id, payload: { ...payload, ...back, returnId: documentId } }]);
  } else if (sale.isCancellation) {
    const cancelled = { ...payload, orderId, cancellationId: documentId, lines };
    await recordPast(tx, unitsCancelled, [{ id, payload: cancelled }]);
  } else {
    await recordPast(tx, orderRecorded, [{ id, payload }]);
  }
  return { orderId: documentId, lineIds: payload.lines.map(({ lineId }) => lineId) };
}

export interface Movement {
  kind: 'receive' | 'ship' | 'return_in' | 'transfer_in' | 'transfer_out' | 'adjust';
  variantId: string;
  locationId: string;
  at: string;
  onHand: number;
  valueMinor: number;
}

/** Rows of the ledger as it could have come to them: whether they were allowed is the inventory's own matter. */
export const enterStock = (db: Db, movements: Movement[]) =>
  inTransaction(db, async (tx) => {
    for (const { kind, variantId, locationId, at, onHand, valueMinor } of movements) {
      await sql`
        insert into inventory.stock_level (variant_id, location_id) values (${variantId}, ${locationId})
        on conflict do nothing`.execute(tx);
      await sql`
        insert into inventory.stock_movement (kind, cause_id, variant_id, location_id, on_hand_delta, reserved_delta,
          value_delta_minor, moved_at)
        values (${kind}, ${randomUUID()}, ${variantId}, ${locationId}, ${onHand}, 0, ${valueMinor}, ${at})`.execute(
        tx,
      );
    }
  });

/** Sends all sales and movements: a transaction of another test's database holds everybody's back until it ends. */
export async function followStock(
  { db, ...deps }: FollowerDeps & { db: Db },
  signal = new AbortController().signal,
): Promise<void> {
  do await catchUp(deps, signal);
  while ((await stockFreshness(db)).behind || (await freshness(db)).behind);
}

type Bought = Awaited<ReturnType<typeof aShippedOrder>>;

const UNITS = 3;
const anAct = fc.record({
  does: fc.constantFrom('send', 'send', 'back', 'follow'),
  order: fc.nat(2),
  units: fc.integer({ min: 1, max: UNITS }),
  damaged: fc.nat(1),
});
type Act = typeof anAct extends fc.Arbitrary<infer Value> ? Value : never;

/** What may happen to orders of three units, in any order. */
export const orderActs = fc.array(anAct, { minLength: 4, maxLength: 10 });

/** Lets it happen: no more is sent than was ordered, and what was never sent does not come back. */
export async function live<Order extends Bought>(
  db: Db,
  orders: readonly Order[],
  acts: readonly Act[],
  by: { send: (order: Order, units: number) => Promise<void>; follow: () => Promise<void> },
): Promise<void> {
  const sent = new Map<string, number>();
  for (const { does, order: index, units, damaged } of acts) {
    const order = orders[index % orders.length];
    if (!order) continue;
    const before = sent.get(order.orderId) ?? 0;
    if (does === 'send' && before + units <= UNITS) {
      await by.send(order, units);
      sent.set(order.orderId, before + units);
    }
    if (does === 'back') await bringBackSome(db, order, { units, damage: Math.min(units, damaged) });
    if (does === 'follow') await by.follow();
  }
  await by.follow();
}
