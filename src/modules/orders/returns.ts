import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { goodsValueOf } from '../payments/index.ts';
import { own } from './own.ts';
import { returnErrors } from './return-errors.ts';
import type {
  DB,
  OrdersRefundMeans,
  OrdersReturnKind,
  OrdersReturnReason,
  OrdersReturnState as State,
} from './tables.ts';

export interface ReturnLine {
  lineId: string;
  variantId: string;
  title: string;
  options: string;
  quantity: number;
  reason: OrdersReturnReason;
  /** What inspection made of them; what is in none of the three has not come. */
  restocked: number;
  damaged: number;
  refused: number;
}

export interface ReturnRequest {
  id: string;
  orderId: string;
  orderNumber: string;
  currency: string;
  kind: OrdersReturnKind;
  state: State;
  touchpoint: string;
  refundTo: OrdersRefundMeans;
  note: string;
  answer: string;
  carrier: string;
  locationId: string | null;
  feeMinor: number;
  /** Null until money is due. */
  refundMinor: number | null;
  /** By when it must have come, where the money went back first. */
  dueOn: string | null;
  requestedAt: Date;
  movedAt: Date;
  /** What is wanted in place of the goods; null: their money. */
  exchange: ReturnExchange | null;
  lines: ReturnLine[];
  steps: { id: string; state: State; actor: string; takenAt: Date }[];
}

export interface ReturnExchange {
  orderId: string;
  orderNumber: string;
  state: DB['orders.order']['state'];
  /** What the goods are to pay of it, have paid and are still to pay. */
  valueMinor: number;
  paidMinor: number;
  owedMinor: number;
  /** Null while it is kept until the goods have come. */
  releasedAt: Date | null;
}

const summaries = (db: Db) =>
  own(db)
    .selectFrom('orders.return_request as request')
    .innerJoin('orders.order as order', 'order.id', 'request.order_id')
    .leftJoin('orders.return as return', 'return.id', 'request.return_id')
    .select([
      'request.id',
      'request.order_id as orderId',
      'order.number as orderNumber',
      'order.currency',
      'request.kind',
      'request.state',
      'request.touchpoint',
      'refund_to as refundTo',
      'note',
      'answer',
      'carrier',
      'location_id as locationId',
      'fee_minor as feeMinor',
      'return.total_minor as refundMinor',
      'due_on as dueOn',
      'requested_at as requestedAt',
      'moved_at as movedAt',
    ]);

/** The returns of an order, the oldest first. */
export async function returnsOf(db: Db, orderId: string): Promise<ReturnRequest[]> {
  return withParts(
    db,
    await summaries(db)
      .where('request.order_id', '=', orderId)
      .orderBy('requested_at')
      .orderBy('id')
      .execute(),
  );
}

export async function returnById(db: Db, requestId: string): Promise<ReturnRequest> {
  const [found] = await withParts(db, await summaries(db).where('request.id', '=', requestId).execute());
  if (!found) throw returnErrors.return_not_found({ requestId });
  return found;
}

async function withParts(
  db: Db,
  requests: readonly Omit<ReturnRequest, 'lines' | 'steps' | 'exchange'>[],
): Promise<ReturnRequest[]> {
  if (requests.length === 0) return [];
  const ids = requests.map(({ id }) => id);
  const found = (outcome: string) => sql`coalesce((
    select quantity from orders.return_inspection as found where found.request_id = asked.request_id
      and found.order_line_id = asked.order_line_id and outcome = ${outcome}), 0)`;
  const { rows: lines } = await sql<ReturnLine & { requestId: string }>`
    select request_id as "requestId", order_line_id as "lineId", variant_id as "variantId", title, options,
      asked.quantity, reason, ${found('restock')} as restocked, ${found('damage')} as damaged,
      ${found('refuse')} as refused
    from orders.return_request_line as asked join orders.order_line as line on line.id = order_line_id
    where request_id = any(${ids}::uuid[]) order by position`.execute(db);
  const steps = await own(db)
    .selectFrom('orders.return_step')
    .select(['request_id as requestId', 'id', 'state', 'actor', 'taken_at as takenAt'])
    .where('request_id', 'in', ids)
    .orderBy('position')
    .execute();
  const exchanges = await exchangesOf(db, ids);
  return requests.map((request) => ({
    ...request,
    exchange: exchanges.get(request.id) ?? null,
    lines: lines.flatMap(({ requestId, ...line }) => (requestId === request.id ? [line] : [])),
    steps: steps.flatMap(({ requestId, ...step }) => (requestId === request.id ? [step] : [])),
  }));
}

async function exchangesOf(db: Db, requestIds: readonly string[]): Promise<Map<string, ReturnExchange>> {
  const rows = await own(db)
    .selectFrom('orders.exchange as exchange')
    .innerJoin('orders.order as order', 'order.id', 'exchange.order_id')
    .select([
      'request_id as requestId',
      'order_id as orderId',
      'order.number as orderNumber',
      'order.state',
      'value_minor as valueMinor',
      'released_at as releasedAt',
    ])
    .where('request_id', 'in', requestIds)
    .execute();
  const exchanges = new Map<string, ReturnExchange>();
  for (const { requestId, ...row } of rows) {
    const { paidMinor, owedMinor } = await goodsValueOf(db, row.orderId);
    exchanges.set(requestId, { ...row, paidMinor, owedMinor });
  }
  return exchanges;
}

export interface QueuedReturn {
  id: string;
  orderNumber: string;
  kind: OrdersReturnKind;
  state: State;
  units: number;
  dueOn: string | null;
  requestedAt: Date;
}

/** Those in a state, the oldest first. */
export async function returnsIn(
  db: Db,
  { state, after, limit }: { state: State; after: { at: Date; id: string } | undefined; limit: number },
): Promise<QueuedReturn[]> {
  const { rows } = await sql<QueuedReturn>`
    select request.id, o.number as "orderNumber", request.kind, request.state, due_on as "dueOn",
      requested_at as "requestedAt",
      (select sum(quantity)::integer from orders.return_request_line where request_id = request.id) as units
    from orders.return_request as request join orders.order as o on o.id = request.order_id
    where request.state = ${state} and (${after?.at ?? null}::timestamptz is null
      or (requested_at, request.id) > (${after?.at ?? null}, ${after?.id ?? null}::uuid))
    order by requested_at, request.id limit ${limit}`.execute(db);
  return rows;
}

/** How many wait, by state. Those that ended are not counted: they grow for ever. */
export async function returnsWaiting(db: Db): Promise<Partial<Record<State, number>>> {
  const { rows } = await sql<{ state: State; count: number }>`
    select state, count(*)::integer as count from orders.return_request
    where state in ('requested', 'approved', 'received', 'inspected') group by state`.execute(db);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
