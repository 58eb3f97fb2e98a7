import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { linesLeft } from '../orders/index.ts';
import { anotherRoute, moveUnits } from './broker-again.ts';
import { fulfilmentErrors } from './errors.ts';
import { own } from './own.ts';

/** Units of an order that no location could give. */
export interface Unfillable {
  id: string;
  orderId: string;
  orderLineId: string;
  variantId: string;
  quantity: number;
  reason: string;
  since: Date;
}

/** Those that wait, the longest waiting first. */
export const unfillables = (db: Db, limit: number): Promise<Unfillable[]> =>
  own(db)
    .selectFrom('fulfilment.unfillable')
    .select([
      'id',
      'order_id as orderId',
      'order_line_id as orderLineId',
      'variant_id as variantId',
      'quantity',
      'reason',
      'since',
    ])
    .where('resolved_at', 'is', null)
    .orderBy('since')
    .orderBy('id')
    .limit(limit)
    .execute();

/**
 * Asks every location once more, those too that have said no: goods may have come in. What still nobody can give goes on
 * waiting. Answers how many units were found. `without` says whom of an order's locations not to ask.
 */
export async function tryAgain(
  tx: Tx,
  id: string,
  at: Date,
  without: (tx: Tx, orderId: string) => Promise<ReadonlySet<string>> = async () => new Set(),
): Promise<number> {
  const open = own(tx)
    .selectFrom('fulfilment.unfillable')
    .select([
      'order_id as orderId',
      'order_line_id as orderLineId',
      'variant_id as variantId',
      'quantity',
      'reason',
    ])
    .where('id', '=', id)
    .where('resolved_at', 'is', null);
  const seen = await open.executeTakeFirst();
  const left = seen && (await linesLeft(tx, seen.orderId)).get(seen.orderLineId);
  const waiting = await open.forUpdate().executeTakeFirst();
  if (!waiting) throw fulfilmentErrors.unfillable_not_found({ unfillableId: id });
  const { orderId, reason, ...units } = waiting;
  // Some of it was cancelled and has not been taken out yet: what was found for it would be nobody's.
  if ((await unitsOpen(tx, units.orderLineId)) > (left ?? 0)) return 0;
  const routed = await anotherRoute(tx, orderId, [units], at, await without(tx, orderId));
  const missing = routed.route.unfilled.reduce((sum, { quantity }) => sum + quantity, 0);
  if (missing === units.quantity) return 0;
  await own(tx).updateTable('fulfilment.unfillable').set({ resolved_at: at }).where('id', '=', id).execute();
  await moveUnits(tx, routed, [units], { cause: { id: idOf('fulfilment:again', id), reason, at } });
  return units.quantity - missing;
}

/** What of a line waits, or lies with a location that has yet to send it. */
async function unitsOpen(tx: Tx, orderLineId: string): Promise<number> {
  const { rows } = await sql<{ units: number }>`
    select (
      select coalesce(sum(quantity), 0) from fulfilment.unfillable
      where order_line_id = ${orderLineId} and resolved_at is null
    ) + (
      select coalesce(sum(remaining), 0) from fulfilment.fulfilment_order_line as line
      join fulfilment.fulfilment_order as part on part.id = line.fulfilment_order_id
      where order_line_id = ${orderLineId} and moved = 0
        and state in ('waiting', 'assigned', 'accepted', 'picked', 'packed', 'ready')
    ) as units`.execute(tx);
  return rows[0]?.units ?? 0;
}
