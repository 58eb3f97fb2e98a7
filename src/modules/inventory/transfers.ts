import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { inventoryErrors } from './errors.ts';
import { openLevels, post } from './movement.ts';
import { own } from './own.ts';

/** Goods that one of our locations sends to another. */
export interface Transfer {
  id: string;
  fromLocationId: string;
  toLocationId: string;
  /** YYYY-MM-DD */
  expectedOn: string;
  note?: string;
  lines: readonly { variantId: string; quantity: number }[];
  actorId?: string;
}

/** The goods leave, with what they cost, and count as incoming where they go. The same transfer again is a retry. */
export async function sendTransfer(tx: Tx, transfer: Transfer, now: Date): Promise<void> {
  const { id, fromLocationId, toLocationId, expectedOn, note = '', actorId } = transfer;
  if (fromLocationId === toLocationId) throw inventoryErrors.same_place({});
  const variantIds = transfer.lines.map(({ variantId }) => variantId);
  await openLevels(
    tx,
    [fromLocationId, toLocationId].flatMap((locationId) =>
      variantIds.map((variantId) => ({ variantId, locationId, quantity: 0 })),
    ),
  );
  const made = await own(tx)
    .insertInto('inventory.transfer')
    .values({
      id,
      from_location_id: fromLocationId,
      to_location_id: toLocationId,
      expected_on: expectedOn,
      note,
      sent_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) {
    if (!(await isSame(tx, transfer))) throw inventoryErrors.transfer_differs({ transferId: id });
    return;
  }
  const lines = transfer.lines.map((line) => ({ ...line, locationId: fromLocationId }));
  const moved = await post(
    tx,
    'transfer_out',
    { id, at: now, ...(actorId !== undefined && { actorId }) },
    lines,
  );
  await own(tx)
    .insertInto('inventory.transfer_line')
    .values(
      moved.map(({ variantId, onHandDelta, valueDeltaMinor }) => ({
        transfer_id: id,
        variant_id: variantId,
        quantity: -onHandDelta,
        value_minor: -valueDeltaMinor,
      })),
    )
    .execute();
}

/**
 * What arrived of it goes on hand, with its share of the cost; what did not was lost on the way and stays visible
 * on the transfer's lines. Receiving it again with the same quantities is a retry.
 */
export async function receiveTransfer(
  tx: Tx,
  id: string,
  arrived: readonly { variantId: string; quantity: number }[],
  now: Date,
  actorId?: string,
): Promise<void> {
  const transfer = await own(tx)
    .selectFrom('inventory.transfer')
    .select(['state', 'to_location_id as locationId'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!transfer) throw inventoryErrors.transfer_not_found({ transferId: id });
  const came = new Map(arrived.map(({ variantId, quantity }) => [variantId, quantity]));
  const sent = await linesOf(tx, id);
  const isKnown = [...came.keys()].every((variantId) => sent.some((line) => line.variantId === variantId));
  const fits = sent.every(({ variantId, quantity }) => (came.get(variantId) ?? 0) <= quantity);
  if (!isKnown || !fits) throw inventoryErrors.more_than_was_sent({ transferId: id });
  if (transfer.state === 'received') {
    const isRetry = sent.every(
      ({ variantId, receivedQuantity }) => (came.get(variantId) ?? 0) === receivedQuantity,
    );
    if (!isRetry) throw inventoryErrors.transfer_differs({ transferId: id });
    return;
  }
  const lines = sent.flatMap(({ variantId, quantity, valueMinor }) => {
    const received = came.get(variantId) ?? 0;
    const value = Number((BigInt(valueMinor) * BigInt(received)) / BigInt(quantity));
    return received === 0
      ? []
      : [{ variantId, locationId: transfer.locationId, quantity: received, valueMinor: value }];
  });
  await openLevels(tx, lines);
  await post(tx, 'transfer_in', { id, at: now, ...(actorId !== undefined && { actorId }) }, lines);
  await sql`
    update inventory.transfer_line as line set received_quantity = coalesce(came.quantity, 0)
    from inventory.transfer_line as sent
    left join unnest(${[...came.keys()]}::uuid[], ${[...came.values()]}::integer[]) as came (variant_id, quantity)
      using (variant_id)
    where sent.transfer_id = ${id} and line.transfer_id = ${id} and line.variant_id = sent.variant_id`.execute(
    tx,
  );
  await own(tx)
    .updateTable('inventory.transfer')
    .set({ state: 'received', received_at: now })
    .where('id', '=', id)
    .execute();
}

const linesOf = (tx: Tx, transferId: string) =>
  own(tx)
    .selectFrom('inventory.transfer_line')
    .select([
      'variant_id as variantId',
      'quantity',
      'value_minor as valueMinor',
      'received_quantity as receivedQuantity',
    ])
    .where('transfer_id', '=', transferId)
    .orderBy('variant_id')
    .execute();

async function isSame(tx: Tx, { id, fromLocationId, toLocationId, lines }: Transfer): Promise<boolean> {
  const known = await own(tx)
    .selectFrom('inventory.transfer')
    .select(['from_location_id as from', 'to_location_id as to'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const wanted = new Map<string, number>();
  for (const { variantId, quantity } of lines) wanted.set(variantId, quantity + (wanted.get(variantId) ?? 0));
  const sent = await linesOf(tx, id);
  return (
    known.from === fromLocationId &&
    known.to === toLocationId &&
    sent.length === wanted.size &&
    sent.every(({ variantId, quantity }) => wanted.get(variantId) === quantity)
  );
}
