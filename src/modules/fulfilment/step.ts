import { sql } from 'kysely';
import { fulfilmentChanged } from '#events/fulfilment.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { hasCode } from '#platform/start-fault.ts';
import { fulfilmentErrors } from './errors.ts';
import { own } from './own.ts';
import type { FulfilmentOrderState as State } from './tables.ts';

/** From where each state is entered: the whole machine. A fulfilment order begins as `assigned`, or as `waiting` for goods. */
const FROM: Record<Exclude<State, 'waiting'>, readonly State[]> = {
  assigned: ['waiting'],
  accepted: ['assigned'],
  picked: ['accepted'],
  packed: ['picked'],
  shipped: ['packed'],
  delivered: ['shipped'],
  rejected: ['assigned', 'accepted'],
  expired: ['assigned'],
  // Of what is collected: packed in the store, or arrived there.
  ready: ['packed', 'shipped'],
  collected: ['ready'],
  not_collected: ['ready'],
  cancelled: ['waiting', 'assigned', 'accepted', 'picked', 'packed', 'ready'],
};

/** What people at a location say they did; the other states follow from shipments, rejections and time. */
export const WORKED_STATES = ['accepted', 'picked', 'packed'] as const;

const STAMPS: Partial<Record<State, readonly string[]>> = {
  accepted: ['accepted_at'],
  picked: ['picked_at'],
  packed: ['packed_at'],
  shipped: ['shipped_at'],
  delivered: ['delivered_at'],
  ready: ['ready_at'],
  collected: ['shipped_at', 'delivered_at'], // what came from elsewhere was shipped before
};

export interface Step {
  /** Made by the caller, so that a retry is the same step. */
  id: string;
  fulfilmentOrderId: string;
  to: keyof typeof FROM;
  note?: string;
  actorId?: string;
}

/** Who a fulfilment order is of, and where. */
export interface Stepped {
  orderId: string;
  locationId: string;
}

/**
 * Moves a fulfilment order on, checked by the statement that writes: of two who try at once one does it, and the other
 * is refused. The same step again is a retry, and answers undefined.
 */
export async function takeStep(tx: Tx, step: Step, now: Date): Promise<Stepped | undefined> {
  const { id, fulfilmentOrderId, to, note = '', actorId } = step;
  const stamped = sql.join(
    (STAMPS[to] ?? []).map((stamp) => sql`, ${sql.ref(stamp)} = coalesce(${sql.ref(stamp)}, ${now})`),
    sql``,
  );
  const moved = await moveOn(
    tx,
    sql`
    with moved as (
      update fulfilment.fulfilment_order set state = ${to}${stamped}
      where id = ${fulfilmentOrderId} and state = any(${FROM[to]}::fulfilment.order_state[])
        and not exists (select from fulfilment.step where id = ${id})
      returning id, order_id, location_id
    ), written as (
      insert into fulfilment.step (id, fulfilment_order_id, state, taken_at, actor_id, note)
      select ${id}, id, ${to}, ${now}, ${actorId ?? null}::uuid, ${note} from moved
    )
    select order_id as "orderId", location_id as "locationId" from moved`,
    id,
  );
  if (!moved) {
    await refuseUnlessTaken(tx, step);
    return undefined;
  }
  const facts = { fulfilmentOrderId, ...moved, state: to, occurredAt: now.toISOString() };
  await emit(tx, fulfilmentChanged, facts);
  return moved;
}

async function moveOn(
  tx: Tx,
  statement: ReturnType<typeof sql>,
  stepId: string,
): Promise<Stepped | undefined> {
  try {
    const { rows } = await statement.execute(tx);
    return rows[0] as Stepped | undefined;
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw fulfilmentErrors.step_differs({ stepId });
    throw error;
  }
}

const UNIQUE_VIOLATION = '23505';

async function refuseUnlessTaken(tx: Tx, { id, fulfilmentOrderId, to }: Step): Promise<void> {
  const known = await own(tx)
    .selectFrom('fulfilment.step')
    .select(['fulfilment_order_id as of', 'state'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (known?.of === fulfilmentOrderId && known.state === to) return;
  if (known) throw fulfilmentErrors.step_differs({ stepId: id });
  throw fulfilmentErrors.step_not_open({
    fulfilmentOrderId,
    state: await stateOf(tx, fulfilmentOrderId),
    wanted: to,
  });
}

async function stateOf(tx: Tx, fulfilmentOrderId: string): Promise<State> {
  const found = await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select('state')
    .where('id', '=', fulfilmentOrderId)
    .executeTakeFirst();
  if (!found) throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId });
  return found.state;
}
