import type { Db } from '#platform/db.ts';
import { waitingIn } from '../inventory/index.ts';
import { leftOf } from './cancel.ts';
import { lineCountsOf } from './cancelled.ts';
import { own } from './own.ts';

interface AwaitedUnits {
  lineId: string;
  quantity: number;
  locationId: string;
}

/** The units of an order whose goods are still to come: its buyer may let those go whatever has been sent. */
export async function stillToCome(db: Db, orderId: string): Promise<AwaitedUnits[]> {
  const order = await own(db)
    .selectFrom('orders.order')
    .select('reservation_id as reservationId')
    .where('id', '=', orderId)
    .executeTakeFirst();
  if (!order?.reservationId) return [];
  const waiting = await waitingIn(db, [order.reservationId]);
  if (waiting.length === 0) return [];
  const lines = (await lineCountsOf(db, orderId)).map((line) => ({ ...line, left: leftOf(line) }));
  return waiting.flatMap(({ variantId, locationId, open }) => {
    let rest = open;
    return lines.flatMap((line) => {
      const quantity = line.variantId === variantId ? Math.min(rest, line.left) : 0;
      if (quantity === 0) return [];
      rest -= quantity;
      line.left -= quantity;
      return [{ lineId: line.lineId, quantity, locationId }];
    });
  });
}
