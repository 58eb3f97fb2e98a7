import { returnRecorded } from '#events/orders.ts';
import { dayIn } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { giveBack, goodsValueOf } from '../payments/index.ts';
import { type LineCounts, lineCountsOf } from './cancelled.ts';
import { own } from './own.ts';
import { queueReturnMail } from './return-mail.ts';
import type { LockedReturn } from './locked-return.ts';
import { type Share, shareOf } from './share.ts';
import type { OrdersReturnReason as Reason } from './tables.ts';

/** Reasons for which nobody but the seller answers: then nothing is kept, and postage goes back with everything. */
const SELLERS_FAULT: ReadonlySet<string> = new Set<Reason>([
  'not_as_described',
  'damaged_on_arrival',
  'wrong_item',
  'late',
]);
export const isSellersFault = (reason: string): boolean => SELLERS_FAULT.has(reason);

interface DueLine extends Share {
  id: string;
  of: LineCounts | undefined;
  quantity: number;
  reason: string;
}

interface DueFacts {
  order: { orderId: string };
  lines: readonly { lineId: string; reason: string }[];
  feeMinor: number;
  exchange: object | undefined;
}

export interface Due {
  lines: DueLine[];
  totalMinor: number;
}

/**
 * What the buyer gets for these units: their shares, perhaps the postage, less what is kept. Of an exchange the postage
 * stays paid: something was brought, and something is brought again.
 */
export async function dueFor(db: Db, request: DueFacts, units: ReadonlyMap<string, number>): Promise<Due> {
  const counts = await lineCountsOf(db, request.order.orderId);
  const reasonOf = new Map(request.lines.map(({ lineId, reason }) => [lineId, reason]));
  const lines = counts.flatMap((of): DueLine[] => {
    const quantity = units.get(of.lineId) ?? 0;
    if (quantity === 0) return [];
    return [{ id: newId(), of, quantity, reason: reasonOf.get(of.lineId) ?? '', ...shareOf(of, quantity) }];
  });
  const goods = counts.filter(({ kind }) => kind === 'goods');
  const isAll = goods.every((of) => of.cancelled + of.returned + (units.get(of.lineId) ?? 0) === of.ordered);
  if (isAll && !request.exchange && (await isAllSellersFault(db, request.order.orderId, lines))) {
    for (const of of counts) {
      const quantity = of.ordered - of.cancelled - of.returned;
      if (of.kind !== 'postage' || quantity <= 0) continue;
      lines.push({ id: newId(), of, quantity, reason: '', ...shareOf(of, quantity) });
    }
  }
  const worthMinor = lines.reduce((sum, line) => sum + line.netShareMinor + line.taxShareMinor, 0);
  const keptMinor = Math.min(worthMinor, request.feeMinor);
  if (keptMinor > 0)
    lines.push({
      id: newId(),
      of: undefined,
      quantity: 1,
      reason: '',
      netShareMinor: -keptMinor,
      taxShareMinor: 0,
    });
  return { lines, totalMinor: worthMinor - keptMinor };
}

async function isAllSellersFault(db: Db, orderId: string, lines: readonly DueLine[]): Promise<boolean> {
  const before = await own(db)
    .selectFrom('orders.return_line as line')
    .innerJoin('orders.return as return', 'return.id', 'line.return_id')
    .select('reason')
    .where('return.order_id', '=', orderId)
    .where('line.kind', '=', 'goods')
    .execute();
  return [...before, ...lines].every(({ reason }) => isSellersFault(reason));
}

/** Writes down that units came back, or need not, and gives their money back; those who count sales hear of it. */
export async function recordReturn(
  tx: Tx,
  request: LockedReturn,
  units: ReadonlyMap<string, number>,
  actor: string,
  now: Date,
): Promise<void> {
  const { id, order, touchpoint, refundTo, kind, exchange } = request;
  const { orderId, customerId, currency, regionCode } = order;
  const { lines, totalMinor } = await dueFor(tx, request, units);
  const document = { number: await nextNumber(tx, orderId, order.number), businessDay: await dayOf(tx, now) };
  await own(tx)
    .insertInto('orders.return')
    .values({
      id,
      number: document.number,
      order_id: orderId,
      customer_id: customerId,
      touchpoint,
      currency,
      region_code: regionCode,
      returned_at: now,
      business_day: document.businessDay,
      total_minor: totalMinor,
    })
    .execute();
  await own(tx)
    .insertInto('orders.return_line')
    .values(await rowsOf(tx, id, lines))
    .execute();
  await own(tx).updateTable('orders.return_request').set({ return_id: id }).where('id', '=', id).execute();
  if (totalMinor > 0) {
    const creditTo = refundTo === 'store_credit' && customerId ? { customerId, currency } : undefined;
    const back = { id, orderId, amountMinor: totalMinor, reason: kind, actor };
    const goodsTo = exchange?.orderId;
    await giveBack(tx, { ...back, ...(creditTo && { creditTo }), ...(goodsTo && { goodsTo }) }, now);
    const paidMinor = goodsTo === undefined ? 0 : (await goodsValueOf(tx, goodsTo)).paidMinor;
    if (totalMinor > paidMinor) await queueReturnMail(tx, id, 'refunded');
  }
  await emit(tx, returnRecorded, {
    returnId: id,
    orderId,
    ...document,
    customerId,
    touchpoint,
    regionCode,
    currency,
    occurredAt: now.toISOString(),
    source: order.source,
    lines: lines.map(eventLine),
  });
}

/** ST-2026-000123-R1: the caller holds the order's row. */
async function nextNumber(tx: Tx, orderId: string, number: string): Promise<string> {
  const { count } = await own(tx)
    .selectFrom('orders.return')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return `${number}-R${Number(count) + 1}`;
}

async function dayOf(tx: Tx, now: Date): Promise<string> {
  const { time_zone: timeZone } = await own(tx)
    .selectFrom('orders.calendar')
    .select('time_zone')
    .executeTakeFirstOrThrow();
  return dayIn(timeZone, now);
}

async function rowsOf(tx: Tx, returnId: string, lines: readonly DueLine[]) {
  const ids = lines.flatMap(({ of }) => of?.lineId ?? []);
  const titles = await own(tx)
    .selectFrom('orders.order_line')
    .select(['id', 'title'])
    .where('id', 'in', ids)
    .execute();
  const titleOf = new Map(titles.map(({ id, title }) => [id, title]));
  return lines.map(({ id, of, quantity, reason, netShareMinor, taxShareMinor }, index) => ({
    id,
    return_id: returnId,
    position: index + 1,
    order_line_id: of?.lineId ?? null,
    kind: of?.kind ?? ('fee' as const),
    product_id: of?.productId ?? null,
    variant_id: of?.variantId ?? null,
    title: titleOf.get(of?.lineId ?? '') ?? '',
    quantity,
    amount_minor: netShareMinor,
    tax_minor: taxShareMinor,
    reason,
  }));
}

const eventLine = ({ id, of, quantity, netShareMinor, taxShareMinor }: DueLine) => ({
  lineId: id,
  orderLineId: of?.lineId ?? null,
  kind: of?.kind ?? ('fee' as const),
  productId: of?.productId ?? null,
  variantId: of?.variantId ?? null,
  quantity,
  grossMinor: netShareMinor,
  discountMinor: 0,
  netMinor: netShareMinor,
  taxMinor: taxShareMinor,
});
