import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { servingCosted } from '#events/market.ts';
import type { feeNoted } from '#events/payments.ts';
import type { contactCosted } from '#events/satisfaction.ts';
import type { Tx } from '#platform/db.ts';
import type { OrdersServeCostKind as Kind } from './tables.ts';

/** What serving an order costs something for, in the order of what happens to it. */
export const SERVE_COST_KINDS = [
  'work',
  'label',
  'packaging',
  'payment_fee',
  'return_work',
  'return_label',
  'refund_fee',
  'service_work',
] as const satisfies readonly Kind[];
export type ServeCostKind = (typeof SERVE_COST_KINDS)[number];

/** Subscriber. What serving a part of an order cost a location. Told again it changes nothing. */
export async function noteServing(
  tx: Tx,
  { orderId, locationId, causeId, currency, parts, occurredAt }: Static<typeof servingCosted.schema>,
): Promise<void> {
  const costs = parts.map((part) => ({ ...part, causeId, locationId, currency, at: occurredAt }));
  await insertCosts(tx, orderId, costs);
}

/** Subscriber. What a provider took for the money of an order. An order that never came to be has no costs. */
export async function noteFee(
  tx: Tx,
  { orderId, feeId, isOfRefund, amountMinor, currency, occurredAt }: Static<typeof feeNoted.schema>,
): Promise<void> {
  const kind = isOfRefund ? 'refund_fee' : 'payment_fee';
  await insertCosts(tx, orderId, [
    { kind, causeId: feeId, locationId: null, currency, amountMinor, at: occurredAt },
  ]);
}

/** Subscriber. What answering the customer cost, by the contact: whoever answers stands at no location. */
export async function noteContactCost(
  tx: Tx,
  { orderId, contactId, currency, amountMinor, occurredAt }: Static<typeof contactCosted.schema>,
): Promise<void> {
  await insertCosts(tx, orderId, [
    { kind: 'service_work', causeId: contactId, locationId: null, currency, amountMinor, at: occurredAt },
  ]);
}

interface Cost {
  kind: Kind;
  causeId: string;
  locationId: string | null;
  currency: string;
  amountMinor: number;
  /** RFC 3339. */
  at: string;
}

async function insertCosts(tx: Tx, orderId: string, costs: readonly Cost[]): Promise<void> {
  const column = <Value>(valueOf: (cost: Cost) => Value) => costs.map(valueOf);
  await sql`
    insert into orders.serve_cost_entry (kind, cause_id, order_id, location_id, currency, amount_minor, at)
    select cost.kind, cost.cause_id, o.id, cost.location_id, cost.currency, cost.amount_minor, cost.at
    from orders.order o cross join unnest(
      ${column(({ kind }) => kind)}::orders.serve_cost_kind[], ${column(({ causeId }) => causeId)}::uuid[],
      ${column(({ locationId }) => locationId)}::uuid[], ${column(({ currency }) => currency)}::text[],
      ${column(({ amountMinor }) => amountMinor)}::bigint[], ${column(({ at }) => at)}::timestamptz[]
    ) as cost (kind, cause_id, location_id, currency, amount_minor, at)
    where o.id = ${orderId} and cost.amount_minor <> 0
    on conflict (cause_id, kind) do nothing`.execute(tx);
}
