import type { Db } from '#platform/db.ts';
import { fulfilmentErrors } from './errors.ts';
import { own } from './own.ts';
import type { FulfilmentOrderState as State, FulfilmentRejectionReason } from './tables.ts';

/** The part of an order that one location fulfils. */
export interface FulfilmentOrderSummary {
  id: string;
  orderId: string;
  locationId: string;
  state: State;
  /** YYYY-MM-DD by the location's own clock. */
  leavesOn: string;
  /** Of one whose goods were still to come when it was ordered: when they were to. */
  goodsOn: string | null;
  /** When it was promised for another day, at last; null: the first promise stands. */
  movedAt: Date | null;
  /** What the buyer was told when they ordered. */
  firstPromisedTo: string;
  promisedFrom: string;
  promisedTo: string;
  acceptBy: Date;
  placedAt: Date;
  assignedAt: Date;
  acceptedAt: Date | null;
  pickedAt: Date | null;
  packedAt: Date | null;
  shippedAt: Date | null;
  deliveredAt: Date | null;
  /** Where the buyer collects it; null: it goes to their door. */
  pickupLocationId: string | null;
  readyAt: Date | null;
  collectBy: Date | null;
}

export interface FulfilmentLine {
  orderLineId: string;
  variantId: string;
  /** As it was assigned. */
  quantity: number;
  rejected: number;
  /** Units that the order let go. */
  cancelled: number;
  /** What is still this location's to send, or was sent. */
  remaining: number;
  /** Of these, and of those let go since: what was sent to the store where it is collected. */
  moved: number;
}

interface Step {
  id: string;
  state: State;
  takenAt: Date;
  actorId: string | null;
  note: string;
}

interface Rejection {
  id: string;
  rejectedAt: Date;
  actorId: string | null;
  note: string;
  lines: {
    orderLineId: string;
    variantId: string;
    quantity: number;
    reason: FulfilmentRejectionReason;
    counted: number | null;
  }[];
}

export interface FulfilmentOrder extends FulfilmentOrderSummary {
  lines: FulfilmentLine[];
  /** The oldest first. */
  steps: Step[];
  rejections: Rejection[];
}

export interface FulfilmentOrderPage {
  fulfilmentOrders: FulfilmentOrderSummary[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

interface Asked {
  limit: number;
  cursor?: string | undefined;
  locationId?: string | undefined;
  state?: State | undefined;
}

/** Fulfilment orders, those first that were assigned first: who waits longest is served first. */
export async function fulfilmentOrders(
  db: Db,
  { limit, cursor, locationId, state }: Asked,
): Promise<FulfilmentOrderPage> {
  let rows = summaries(db)
    .orderBy('assigned_at')
    .orderBy('id')
    .limit(limit + 1);
  if (locationId !== undefined) rows = rows.where('location_id', '=', locationId);
  if (state !== undefined) rows = rows.where('state', '=', state);
  const [after, afterId] = cursor?.split('_') ?? [];
  if (after !== undefined && afterId !== undefined) {
    const at = new Date(Number(after));
    rows = rows.where((eb) => eb(eb.refTuple('assigned_at', 'id'), '>', eb.tuple(at, afterId)));
  }
  const found = await rows.execute();
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const next = found.length > limit && last ? `${last.assignedAt.getTime()}_${last.id}` : null;
  return { fulfilmentOrders: shown, cursor: next };
}

/** How a cursor of `fulfilmentOrders` looks. */
export const CURSOR = '^\\d{1,15}_[0-9a-f-]{36}$';

/** All parts of an order, those that were rejected too, the oldest first. */
export const fulfilmentOrdersOf = (db: Db, orderId: string): Promise<FulfilmentOrderSummary[]> =>
  summaries(db).where('order_id', '=', orderId).orderBy('assigned_at').orderBy('id').execute();

export async function fulfilmentOrderById(db: Db, id: string): Promise<FulfilmentOrder> {
  const summary = await summaries(db).where('id', '=', id).executeTakeFirst();
  if (!summary) throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId: id });
  const steps = await own(db)
    .selectFrom('fulfilment.step')
    .select(['id', 'state', 'taken_at as takenAt', 'actor_id as actorId', 'note'])
    .where('fulfilment_order_id', '=', id)
    .orderBy('taken_at')
    .orderBy('id')
    .execute();
  return { ...summary, lines: await linesOf(db, id), steps, rejections: await rejectionsOf(db, id) };
}

export const linesOf = (db: Db, id: string): Promise<FulfilmentLine[]> =>
  own(db)
    .selectFrom('fulfilment.fulfilment_order_line')
    .select([
      'order_line_id as orderLineId',
      'variant_id as variantId',
      'quantity',
      'rejected',
      'cancelled',
      'remaining',
      'moved',
    ])
    .where('fulfilment_order_id', '=', id)
    .orderBy('order_line_id')
    .execute();

async function rejectionsOf(db: Db, fulfilmentOrderId: string): Promise<Rejection[]> {
  const rows = await own(db)
    .selectFrom('fulfilment.rejection as rejection')
    .innerJoin('fulfilment.rejection_line as line', 'line.rejection_id', 'rejection.id')
    .select([
      'rejection.id',
      'rejected_at as rejectedAt',
      'actor_id as actorId',
      'note',
      'order_line_id as orderLineId',
      'variant_id as variantId',
      'quantity',
      'reason',
      'counted',
    ])
    .where('fulfilment_order_id', '=', fulfilmentOrderId)
    .orderBy('rejected_at')
    .orderBy('rejection.id')
    .orderBy('order_line_id')
    .execute();
  const rejections = new Map<string, Rejection>();
  for (const { id, rejectedAt, actorId, note, ...line } of rows) {
    const known = rejections.get(id);
    if (known) known.lines.push(line);
    else rejections.set(id, { id, rejectedAt, actorId, note, lines: [line] });
  }
  return [...rejections.values()];
}

const summaries = (db: Db) =>
  own(db)
    .selectFrom('fulfilment.fulfilment_order')
    .select((eb) => [
      eb
        .selectFrom('fulfilment.promise_move')
        .select(({ fn }) => fn.max('moved_at').as('at'))
        .whereRef('fulfilment_order_id', '=', 'fulfilment.fulfilment_order.id')
        .as('movedAt'),
      'id',
      'order_id as orderId',
      'location_id as locationId',
      'state',
      'leaves_on as leavesOn',
      'goods_on as goodsOn',
      'first_promised_to as firstPromisedTo',
      'promised_from as promisedFrom',
      'promised_to as promisedTo',
      'accept_by as acceptBy',
      'placed_at as placedAt',
      'assigned_at as assignedAt',
      'accepted_at as acceptedAt',
      'picked_at as pickedAt',
      'packed_at as packedAt',
      'shipped_at as shippedAt',
      'delivered_at as deliveredAt',
      'pickup_location_id as pickupLocationId',
      'ready_at as readyAt',
      'collect_by as collectBy',
    ]);
