import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { ACCEPT_HOURS, rulesInForce } from '../routing/index.ts';
import { anotherRoute, brokering, moveUnits, whoSaidNo } from './broker-again.ts';
import { linesOf } from './fulfilment-order.ts';
import { own } from './own.ts';
import { takeStep } from './step.ts';
import { isStillWanted } from './still-wanted.ts';

const EXPIRED_MAX = 200;

/** Job: what was not accepted in time is offered to another location. */
export async function expireUnaccepted({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const at = now();
  for (const { id } of await due(db, at)) await brokering(db, (tx) => expire(tx, id, at));
}

const due = (db: Db, at: Date) =>
  own(db)
    .selectFrom('fulfilment.fulfilment_order')
    .select('id')
    .where('state', '=', 'assigned')
    .where('accept_by', '<=', at)
    .orderBy('accept_by')
    .limit(EXPIRED_MAX)
    .execute();

/** One that nobody else could take over stays where it is, for as long again: late is better than not at all. */
async function expire(tx: Tx, id: string, at: Date): Promise<void> {
  const overdue = own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select(['order_id as orderId', 'location_id as locationId'])
    .where('id', '=', id)
    .where('state', '=', 'assigned')
    .where('accept_by', '<=', at);
  const found = await overdue.executeTakeFirst();
  if (!found || !(await isStillWanted(tx, { fulfilmentOrderId: id, ...found }))) return;
  const of = await overdue.forUpdate().executeTakeFirst();
  if (!of) return;
  const units = (await linesOf(tx, id)).flatMap(({ remaining, ...line }) =>
    remaining > 0 ? [{ ...line, quantity: remaining }] : [],
  );
  const without = (await whoSaidNo(tx, of.orderId)).add(of.locationId);
  const routed = await anotherRoute(tx, of.orderId, units, at, without);
  if (routed.route.unfilled.length > 0) {
    const { rules } = await rulesInForce(tx);
    const acceptBy = new Date(at.getTime() + (rules.acceptWithinHours ?? ACCEPT_HOURS) * 3_600_000);
    await own(tx)
      .updateTable('fulfilment.fulfilment_order')
      .set({ accept_by: acceptBy })
      .where('id', '=', id)
      .execute();
    return;
  }
  const cause = { id: idOf('fulfilment:expiry', id), reason: 'expired', at };
  await takeStep(tx, { id: cause.id, fulfilmentOrderId: id, to: 'expired' }, at);
  await sql`
    update fulfilment.fulfilment_order_line set rejected = quantity - cancelled where fulfilment_order_id = ${id}`.execute(
    tx,
  );
  await moveUnits(tx, routed, units, { cause, origin: { fulfilmentOrderId: id, locationId: of.locationId } });
}
