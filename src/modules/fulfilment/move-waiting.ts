import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { availabilityOf, lockRules, stopWaiting, waitingElsewhere } from '../inventory/index.ts';
import { anotherRoute, brokering, byVariant, moveUnits, whoSaidNo } from './broker-again.ts';
import { linesOf } from './fulfilment-order.ts';
import { own } from './own.ts';
import { takeStep } from './step.ts';
import { isStillWanted } from './still-wanted.ts';

export const MOVE_WAITING = 'fulfilment.move_waiting';
const Place = Type.Object({ variantId: Type.String(), locationId: Type.String() });
type Place = { variantId: string; locationId: string };

/** Subscriber: a place has units that nobody there waits for; somebody may wait for the same goods elsewhere. */
export async function queueMoves(tx: Tx, place: Place): Promise<void> {
  const [first] = await waitingElsewhere(tx, place, 1);
  if (first) await addJob(tx, MOVE_WAITING, place, `${place.variantId}:${place.locationId}`);
}

const LOOKED_AT_MAX = 200;

/**
 * Job: those who wait elsewhere are served from here, as far as the rules route it so: who ordered first before the rest.
 * Each moves in a transaction of its own.
 */
export async function moveWaiting({ db, now }: Pick<Deps, 'db' | 'now'>, payload: unknown): Promise<void> {
  const place = Value.Parse(Place, payload);
  const at = now();
  for (const { reservationId, locationId } of await waitingElsewhere(db, place, LOOKED_AT_MAX)) {
    const free = (await availabilityOf(db, [place.variantId], at)).get(place.variantId);
    if (!free?.locations.some((each) => each.locationId === place.locationId)) return;
    for (const id of await partsOf(db, reservationId, { ...place, locationId }))
      await brokering(db, (tx) => moveOne(tx, id, at));
  }
}

async function partsOf(db: Db, reservationId: string, { variantId, locationId }: Place): Promise<string[]> {
  const rows = await own(db)
    .selectFrom('fulfilment.fulfilment_order as each')
    .innerJoin('fulfilment.fulfilment_order_line as line', 'line.fulfilment_order_id', 'each.id')
    .select('each.id')
    .distinct()
    .where('waits_in', '=', reservationId)
    .where('location_id', '=', locationId)
    .where('state', '=', 'waiting')
    .where('variant_id', '=', variantId)
    .where('remaining', '>', 0)
    .orderBy('each.id')
    .execute();
  return rows.map(({ id }) => id);
}

/** A part goes to where all of it lies now, or stays as it is. */
async function moveOne(tx: Tx, id: string, at: Date): Promise<void> {
  const waiting = own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select(['order_id as orderId', 'location_id as locationId', 'waits_in as waitsIn'])
    .where('id', '=', id)
    .where('state', '=', 'waiting');
  const seen = await waiting.executeTakeFirst();
  if (!seen?.waitsIn || !(await isStillWanted(tx, { fulfilmentOrderId: id, ...seen }))) return;
  const units = (await linesOf(tx, id)).flatMap(({ remaining, ...line }) =>
    remaining > 0 ? [{ ...line, quantity: remaining }] : [],
  );
  if (units.length === 0) return; // another has just moved it
  await lockRules(
    tx,
    units.map(({ variantId }) => variantId),
  );
  // Asked again: whoever serves it held the variants' rules until now.
  const of = await waiting.forUpdate().executeTakeFirst();
  if (!of?.waitsIn) return;
  const without = (await whoSaidNo(tx, of.orderId)).add(of.locationId);
  const routed = await anotherRoute(tx, of.orderId, units, at, without);
  if (routed.route.unfilled.length > 0) return;
  const { locationId } = of;
  const places = byVariant(units).map((line) => ({ ...line, locationId }));
  await stopWaiting(tx, of.waitsIn, places);
  const cause = { id: idOf('fulfilment:moved', id), reason: 'in stock elsewhere', at };
  await takeStep(tx, { id: cause.id, fulfilmentOrderId: id, to: 'cancelled' }, at);
  await sql`
    update fulfilment.fulfilment_order_line set cancelled = cancelled + remaining
    where fulfilment_order_id = ${id}`.execute(tx);
  await moveUnits(tx, routed, units, { cause, origin: { fulfilmentOrderId: id, locationId } });
}
