import { addDays } from '#platform/days.ts';
import { idOf } from '#platform/ids.ts';
import type { RecordedPart } from '../modules/fulfilment/index.ts';
import { type PastOrder, pastLineId } from '../modules/orders/index.ts';
import { seeded } from './pictures/index.ts';

/** Four weeks, and the four before that they are compared with. */
const DAYS = 56;
/** So many orders of a year are told of at most, evenly: a large demo shows the same shares. */
const OF_A_YEAR = 12_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ON_TIME = 0.91;

/** What was sent of the latest orders and has arrived, most of it in time: a part for each location that gave something. */
export function partsOf(orders: readonly PastOrder[], until: string, orderCount: number): RecordedPart[] {
  const end = Date.parse(`${until}T00:00:00Z`);
  const each = Math.max(1, Math.round(orderCount / OF_A_YEAR));
  return orders
    .filter(({ placedAt }) => end - placedAt.getTime() < DAYS * DAY_MS)
    .filter(({ externalRef }) => Number(externalRef) % each === 0)
    .flatMap((order) => partsOfOrder(order, end));
}

function partsOfOrder(order: PastOrder, end: number): RecordedPart[] {
  const { id: orderId, placedAt, businessDay, regionCode, touchpoint, currency } = order;
  const goods = order.lines.flatMap(({ kind, locationId, variantId, quantity }, index) =>
    kind === 'goods' && locationId && variantId
      ? [{ locationId, orderLineId: pastLineId(orderId, index + 1), variantId, quantity }]
      : [],
  );
  return [...Map.groupBy(goods, ({ locationId }) => locationId)].flatMap(([locationId, given]) => {
    const random = seeded(`part ${order.externalRef} ${locationId}`);
    const shippedAt = new Date(placedAt.getTime() + random.int(3, 30) * HOUR_MS);
    const wayDays = random.int(1, 3);
    const promisedTo = addDays(businessDay, wayDays + 2);
    // In time is before the promised day is over; else one to three days after it.
    const last = Date.parse(`${promisedTo}T12:00:00Z`);
    const late = random.chance(ON_TIME) ? 0 : random.int(1, 3) * DAY_MS;
    const onWay = Math.min(shippedAt.getTime() + wayDays * DAY_MS, last);
    const deliveredAt = new Date(late === 0 ? onWay : last + late);
    if (deliveredAt.getTime() >= end) return [];
    const part = { orderId, locationId, regionCode, touchpoint, currency, placedAt, shippedAt, deliveredAt };
    const lines = given.map(({ locationId: _from, ...line }) => line);
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return [
      {
        ...part,
        id: idOf('demo:part', `${orderId} ${locationId}`, placedAt.getTime()),
        promisedFrom: addDays(businessDay, wayDays),
        promisedTo,
        trackingNumber: `D${order.externalRef}${locationId.slice(-4).toUpperCase()}`,
        weightGrams: 400 * units,
        lines,
      },
    ];
  });
}
