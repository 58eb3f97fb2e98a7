import type { Static } from 'typebox';
import type { fulfilmentDelivered } from '#events/fulfilment.ts';
import type { orderPlaced, returnRecorded } from '#events/orders.ts';
import { askedAbout, returnedTo } from '#modules/orders/index.ts';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { isOwed, oweQuestion } from './questions.ts';
import type { Occasion } from './scales.ts';

/** Where people meet at a counter, whatever the order came by. */
const TILL = 'till';

export const questionId = (occasion: Occasion, subjectId: string): string =>
  idOf(`satisfaction:${occasion}`, subjectId);

/** Subscriber. What is sent in place of goods that came back is no purchase: the return is asked about. */
export async function afterPurchase(tx: Tx, order: Static<typeof orderPlaced.schema>): Promise<void> {
  const { orderId, customerId, touchpoint, regionCode } = order;
  const asked = await askedAbout(tx, orderId);
  if (!asked || asked.isExchange) return;
  await oweQuestion(tx, {
    id: questionId('purchase', orderId),
    occasion: 'purchase',
    orderId,
    customerId,
    touchpoint,
    regionCode,
    locationId: asked.pickupLocationId ?? asked.carriedFrom,
    occurredAt: new Date(order.occurredAt),
  });
}

/** Subscriber. What was carried away with the purchase was asked about as one. */
export async function afterDelivery(
  tx: Tx,
  { orderId, shipmentId, locationId, occurredAt }: Static<typeof fulfilmentDelivered.schema>,
): Promise<void> {
  const order = await askedAbout(tx, orderId);
  if (!order || order.isCarriedAway) return;
  const { customerId, touchpoint, regionCode, pickupLocationId } = order;
  const occasion = pickupLocationId === null ? 'delivery' : 'pick_up';
  await oweQuestion(tx, {
    id: questionId(occasion, shipmentId),
    occasion,
    orderId,
    customerId,
    touchpoint: occasion === 'pick_up' ? TILL : touchpoint,
    regionCode,
    locationId: pickupLocationId ?? locationId,
    occurredAt: new Date(occurredAt),
  });
}

/** Subscriber. Where the goods were handed in, or came to, answers for how it went; what is refunded on trust came nowhere. */
export async function afterReturn(tx: Tx, document: Static<typeof returnRecorded.schema>): Promise<void> {
  const { returnId, orderId, customerId, touchpoint, regionCode, occurredAt } = document;
  const id = questionId('return', returnId);
  // Goods may arrive after their money went back: told again, the question stays as it was.
  if (await isOwed(tx, id)) return;
  await oweQuestion(tx, {
    id,
    occasion: 'return',
    orderId,
    customerId,
    touchpoint,
    regionCode,
    locationId: await returnedTo(tx, returnId),
    occurredAt: new Date(occurredAt),
  });
}
