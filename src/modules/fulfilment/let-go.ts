import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { correct, lockLevels, openLevels, post, stockAt } from '../inventory/index.ts';
import { giveGoodsCostBack, noteGoodsCost } from '../orders/index.ts';
import { type FulfilmentLine, linesOf } from './fulfilment-order.ts';
import { own } from './own.ts';

interface Cause {
  id: string;
  at: Date;
  actorId?: string;
}

interface Place {
  orderId: string;
  locationId: string;
}

/** Where the books say that fewer are there than lie packed on the table, they are wrong: the difference was found. */
export async function letGo(
  tx: Tx,
  cause: Cause,
  { orderId, locationId }: Place,
  lines: readonly FulfilmentLine[],
): Promise<void> {
  const gone = new Map<string, number>();
  for (const { variantId, remaining } of lines) gone.set(variantId, remaining + (gone.get(variantId) ?? 0));
  const moved = [...gone].map(([variantId, quantity]) => ({ variantId, locationId, quantity }));
  await lockLevels(tx, moved);
  const onHand = await stockAt(tx, moved);
  const found = moved.flatMap((line) => {
    const missing = line.quantity - (onHand.get(line.variantId) ?? 0);
    return missing > 0 ? [{ ...line, quantity: missing }] : [];
  });
  if (found.length > 0) {
    const id = idOf('fulfilment:found', cause.id);
    const actor = cause.actorId === undefined ? {} : { actorId: cause.actorId };
    await correct(tx, { id, kind: 'adjust', reason: 'found', lines: found, ...actor }, cause.at);
  }
  const sent = await post(tx, 'ship', cause, moved);
  const costed = lines.map(({ orderLineId: lineId, variantId, remaining: units }) => ({
    lineId,
    variantId,
    units,
  }));
  await noteGoodsCost(tx, 'sent', { documentId: cause.id, orderId, locationId, at: cause.at }, costed, sent);
}

/** Units that were sent to the store for a buyer who let them go: from now on they are the store's stock. */
export async function shelve(
  tx: Tx,
  { fulfilmentOrderId, orderId, locationId }: Place & { fulfilmentOrderId: string },
  { id, at }: Cause,
): Promise<void> {
  const lines = (await linesOf(tx, fulfilmentOrderId)).flatMap(
    ({ orderLineId: lineId, variantId, moved, remaining }) =>
      moved > remaining ? [{ lineId, variantId, units: moved - remaining }] : [],
  );
  if (lines.length === 0) return;
  const documentId = idOf('fulfilment:shelved', `${id}:${fulfilmentOrderId}`);
  const values = await giveGoodsCostBack(tx, { documentId, orderId, locationId, at }, lines);
  const goods = values.map(({ variantId, units: quantity, valueMinor }) => ({
    variantId,
    locationId,
    quantity,
    valueMinor,
  }));
  await openLevels(tx, goods);
  await post(tx, 'return_in', { id: documentId, at }, goods);
  await own(tx)
    .updateTable('fulfilment.fulfilment_order_line')
    .set((eb) => ({ moved: eb.ref('remaining') }))
    .where('fulfilment_order_id', '=', fulfilmentOrderId)
    .whereRef('moved', '>', 'remaining')
    .execute();
}
