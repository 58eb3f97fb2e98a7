import type { Tx } from '#platform/db.ts';
import { unitsLeft } from '../orders/index.ts';
import { fulfilmentErrors } from './errors.ts';
import { linesOf } from './fulfilment-order.ts';
import { own } from './own.ts';

interface Part {
  fulfilmentOrderId: string;
  orderId: string;
  locationId: string;
}

/**
 * Holds the order, so that nothing of it is cancelled until the transaction ends. False where some of the part's units
 * were cancelled and have not been taken out of it yet: their stock is free already, or another buyer's. Whoever locks
 * both an order and its parts locks the order first.
 */
export async function isStillWanted(tx: Tx, part: Part): Promise<boolean> {
  const left = await unitsLeft(tx, part.orderId, part.locationId);
  const lines = await linesOf(tx, part.fulfilmentOrderId);
  const here = await unitsToSend(tx, part);
  return (
    lines.every(({ orderLineId, remaining }) => remaining <= (left.byLine.get(orderLineId) ?? 0)) &&
    here.every(({ variantId, units }) => units <= (left.byVariant.get(variantId) ?? 0))
  );
}

export async function refuseUnlessWanted(tx: Tx, part: Part): Promise<void> {
  const { fulfilmentOrderId } = part;
  if (!(await isStillWanted(tx, part))) throw fulfilmentErrors.cancelled_meanwhile({ fulfilmentOrderId });
}

/** What all parts of the order at the location are yet to send. */
const unitsToSend = (tx: Tx, { orderId, locationId }: Part) =>
  own(tx)
    .selectFrom('fulfilment.fulfilment_order as each')
    .innerJoin('fulfilment.fulfilment_order_line as line', 'line.fulfilment_order_id', 'each.id')
    .select(({ fn }) => ['variant_id as variantId', fn.sum<number>('remaining').as('units')])
    .where('order_id', '=', orderId)
    .where('location_id', '=', locationId)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['assigned', 'accepted', 'picked', 'packed']),
        eb.and([eb('state', '=', 'ready'), eb('pickup_location_id', '=', eb.ref('location_id'))]),
      ]),
    )
    .groupBy('variant_id')
    .execute();
