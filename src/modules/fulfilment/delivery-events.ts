import { fulfilmentDelivered } from '#events/fulfilment.ts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { fulfilmentErrors } from './errors.ts';
import { fulfilmentOrderById, linesOf } from './fulfilment-order.ts';
import { own } from './own.ts';
import { takeStep } from './step.ts';
import type { FulfilmentDeliveryEventKind } from './tables.ts';

/** What a carrier says of a parcel. */
export interface DeliveryEvent {
  carrier: string;
  /** The carrier's own name for it: told twice, it counts once. */
  id: string;
  trackingNumber: string;
  kind: FulfilmentDeliveryEventKind;
  occurredAt: Date;
  detail?: string;
}

/**
 * Writes down what a carrier says, in whatever order it says it. When all parcels of a shipment are delivered, so are it
 * and its fulfilment order, at the moment at which the last parcel was.
 */
export async function takeDeliveryEvent(tx: Tx, event: DeliveryEvent, now: Date): Promise<void> {
  const { carrier, id, trackingNumber, kind, detail = '' } = event;
  const parcel = await own(tx)
    .selectFrom('fulfilment.shipment as shipment')
    .innerJoin('fulfilment.parcel as parcel', 'parcel.shipment_id', 'shipment.id')
    .select(['shipment.id as shipmentId', 'position'])
    .where('parcel.tracking_number', '=', trackingNumber)
    .where('carrier', '=', carrier)
    .where('shipment.state', 'in', ['shipped', 'delivered'])
    .orderBy('asked_at', 'desc') // carriers use their numbers again after a while
    .limit(1)
    .forUpdate('shipment')
    .executeTakeFirst();
  if (!parcel) throw fulfilmentErrors.parcel_not_found({ trackingNumber });
  const written = await own(tx)
    .insertInto('fulfilment.delivery_event')
    .values({
      carrier,
      carrier_event_id: id,
      shipment_id: parcel.shipmentId,
      parcel_position: parcel.position,
      kind,
      occurred_at: event.occurredAt < now ? event.occurredAt : now,
      received_at: now,
      detail: detail.slice(0, 500),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('carrier_event_id')
    .executeTakeFirst();
  if (written && kind === 'delivered') await deliverIfComplete(tx, parcel.shipmentId);
}

/** The shipment's row is locked: two parcels that arrive at once do not miss each other. */
async function deliverIfComplete(tx: Tx, shipmentId: string): Promise<void> {
  const parcels = await own(tx)
    .selectFrom('fulfilment.parcel as parcel')
    .leftJoin('fulfilment.delivery_event as event', (join) =>
      join
        .onRef('event.shipment_id', '=', 'parcel.shipment_id')
        .onRef('event.parcel_position', '=', 'parcel.position')
        .on('event.kind', '=', 'delivered'),
    )
    .select(({ fn }) => ['position', fn.min('occurred_at').as('deliveredAt')])
    .where('parcel.shipment_id', '=', shipmentId)
    .groupBy('position')
    .execute();
  let last = 0;
  for (const { deliveredAt } of parcels) {
    if (!deliveredAt) return;
    last = Math.max(last, new Date(deliveredAt).getTime());
  }
  await deliver(tx, shipmentId, new Date(last));
}

async function deliver(tx: Tx, shipmentId: string, at: Date): Promise<void> {
  const shipment = await own(tx)
    .updateTable('fulfilment.shipment')
    .set({ state: 'delivered', delivered_at: sql`greatest(shipped_at, ${at}::timestamptz)` })
    .where('id', '=', shipmentId)
    .where('state', '=', 'shipped')
    .returning([
      'fulfilment_order_id as fulfilmentOrderId',
      'order_id as orderId',
      'location_id as locationId',
      'delivered_at as deliveredAt',
    ])
    .executeTakeFirst();
  if (!shipment?.deliveredAt) return;
  const { fulfilmentOrderId, orderId, locationId, deliveredAt } = shipment;
  const part = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (part.pickupLocationId !== null) return; // the store says what has arrived, and its buyer when it is delivered
  const id = idOf('fulfilment:delivered', shipmentId);
  await takeStep(tx, { id, fulfilmentOrderId, to: 'delivered' }, deliveredAt);
  const lines = (await linesOf(tx, fulfilmentOrderId)).flatMap(({ orderLineId, variantId, remaining }) =>
    remaining > 0 ? [{ lineId: orderLineId, variantId, quantity: remaining }] : [],
  );
  const occurredAt = deliveredAt.toISOString();
  await emit(tx, fulfilmentDelivered, {
    orderId,
    fulfilmentOrderId,
    shipmentId,
    locationId,
    lines,
    occurredAt,
  });
}
