import type { Static } from 'typebox';
import type { fulfilmentDelivered } from '#events/fulfilment.ts';
import type { orderPlaced, returnRecorded } from '#events/orders.ts';
import { askedAbout, askedAboutEach, returnedTo } from '#modules/orders/index.ts';
import type { Tx } from '#platform/db.ts';
import type { Told } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { isOwed, oweQuestion, oweQuestions } from './questions.ts';
import type { Occasion } from './scales.ts';

/** Where people meet at a counter, whatever the order came by. */
const TILL = 'till';

export const questionId = (occasion: Occasion, subjectId: string): string =>
  idOf(`satisfaction:${occasion}`, subjectId);

/** Subscriber. What is sent in place of goods that came back is no purchase: the return is asked about. */
export async function afterPurchases(
  tx: Tx,
  told: readonly Told<Static<typeof orderPlaced.schema>>[],
): Promise<void> {
  const orders = told.map(({ payload }) => payload);
  const known = await askedAboutEach(
    tx,
    orders.map(({ orderId }) => orderId),
  );
  const owed = orders.flatMap(({ orderId, customerId, touchpoint, regionCode, occurredAt }) => {
    const asked = known.get(orderId);
    if (!asked || asked.isExchange) return [];
    const locationId = asked.pickupLocationId ?? asked.carriedFrom;
    const id = questionId('purchase', orderId);
    const of = { orderId, customerId, touchpoint, regionCode, locationId, occurredAt: new Date(occurredAt) };
    return [{ id, occasion: 'purchase' as const, ...of }];
  });
  await oweQuestions(tx, owed);
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
