import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { takeDeliveryEvent } from './delivery-events.ts';
import { shipmentById } from './shipment.ts';

export const TELL_TEST_DELIVERY = 'fulfilment.tell_test_delivery';

const Payload = Type.Object({ shipmentId: Type.String() });

/** Job: what the carrier `test` says of a shipment a minute after it has left. */
export async function tellTestDelivery(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { shipmentId } = Value.Parse(Payload, payload);
  const { parcels } = await shipmentById(db, shipmentId);
  for (const { position, trackingNumber } of parcels) {
    if (trackingNumber === null) continue;
    for (const kind of ['in_transit', 'delivered'] as const) {
      const id = `${shipmentId}:${position}:${kind}`;
      const event = { carrier: 'test', id, trackingNumber, kind, occurredAt: now() };
      await inTransaction(db, (tx) => takeDeliveryEvent(tx, event, now()));
    }
  }
}
