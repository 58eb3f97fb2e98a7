import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { PLANNED_EACH_TIME } from '#platform/prepared-statements.ts';

export const ORDER_STATES = ['placed', 'paid', 'partly_cancelled', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];
export const ORDER_MARKS = ['late', 'unfillable', 'outstanding'] as const;
export type OrderMark = (typeof ORDER_MARKS)[number];

/** Which orders are asked for: all that fit everything that is given. */
export interface OrderQuestion {
  words?: string | undefined;
  state?: OrderState | undefined;
  touchpoint?: string | undefined;
  /** With its areas. */
  region?: string | undefined;
  /** The code of a location that is to send something of it. */
  location?: string | undefined;
  /** Business days, both included. */
  from?: string | undefined;
  to?: string | undefined;
  currency?: string | undefined;
  totalFromMinor?: number | undefined;
  totalToMinor?: number | undefined;
  marks: readonly OrderMark[];
  /** Whether who asks may see who a buyer is: else nobody is found by name or address, and none is answered. */
  mayReadPersonal: boolean;
  now: Date;
}

/** How far the goods of an order are, of all its parts together. */
export type SendingState = 'none' | 'kept' | 'unfillable' | 'to_send' | 'partly_sent' | 'sent' | 'delivered';

export interface ListedOrder {
  id: string;
  number: string;
  placedAt: Date;
  customerName: string | null;
  regionName: string;
  touchpoint: string;
  state: OrderState;
  sending: SendingState;
  isLate: boolean;
  totalMinor: number;
  currency: string;
  promisedFrom: string | null;
  promisedTo: string | null;
}

export interface OrderCursor {
  at: Date;
  id: string;
}

interface Page {
  after?: OrderCursor | undefined;
  limit: number;
}

/** The orders that fit, the newest first. */
export async function orderList(reads: Db, question: OrderQuestion, page: Page): Promise<ListedOrder[]> {
  const statement = await orderListStatement(reads, question, page);
  return statement ? (await statement.execute(reads)).rows : [];
}

/** The statement of the list; none where the words can't mean anything. Each way to find has a branch and an index. */
export async function orderListStatement(
  reads: Db,
  question: OrderQuestion,
  { after, limit }: Page,
): Promise<RawBuilder<ListedOrder> | undefined> {
  const searches = await searchesOf(reads, question);
  if (searches.length === 0) return undefined;
  const conditions = [...filtersOf(question), ...(await placesOf(reads, question))];
  if (after) conditions.push(sql`(o.placed_at, o.id) < (${after.at}, ${after.id}::uuid)`);
  const branches = searches.map(
    (search) => sql`(
      select o.id, o.placed_at from orders.order o where ${sql.join([search, ...conditions], sql` and `)}
      order by o.placed_at desc, o.id desc limit ${limit})`,
  );
  const name = question.mayReadPersonal ? sql`address.name` : sql`null`;
  return sql<ListedOrder>`${sql.raw(PLANNED_EACH_TIME)}
    with found as materialized (
      select * from (${sql.join(branches, sql` union `)}) as fitting order by placed_at desc, id desc limit ${limit}
    )
    select o.id, o.number, o.placed_at as "placedAt", ${name} as "customerName", region.name as "regionName",
      o.touchpoint, o.state, o.total_minor as "totalMinor", o.currency, o.promised_from as "promisedFrom",
      o.promised_to as "promisedTo", coalesce(part.is_late, false) as "isLate",
      case
        when part.waiting then 'unfillable'
        when part.parts = 0 and o.state <> 'cancelled' and exists (
          select from orders.exchange where order_id = o.id and released_at is null) then 'kept'
        when part.parts = 0 then 'none'
        when part.delivered = part.parts then 'delivered' when part.sent = part.parts then 'sent'
        when part.sent > 0 then 'partly_sent' else 'to_send'
      end as sending
    from found join orders.order o on o.id = found.id
    join market.region on region.code = o.region_code
    left join orders.order_address address on address.order_id = o.id
    cross join lateral (
      select count(*) as parts, count(*) filter (where state in ('shipped', 'delivered')) as sent,
        count(*) filter (where state = 'delivered') as delivered,
        bool_or((coalesce(delivered_at, ${question.now}) at time zone 'UTC')::date > first_promised_to) as is_late,
        exists (
          select from fulfilment.unfillable where order_id = o.id and resolved_at is null) as waiting
      from fulfilment.fulfilment_order
      where order_id = o.id and state not in ('rejected', 'expired', 'cancelled')
    ) as part
    order by o.placed_at desc, o.id desc`;
}

/** The end of a number says which order is meant only when it is this long. */
const NUMBER_END_MIN = 4;
const KEYS_MAX = 200;

/** One condition for each thing that the words may be. */
async function searchesOf(
  reads: Db,
  { words = '', mayReadPersonal }: OrderQuestion,
): Promise<RawBuilder<unknown>[]> {
  const text = words.trim();
  if (text === '') return [sql`true`];
  if (text.includes('@')) {
    if (!mayReadPersonal) return [];
    return [sql`o.id in (select order_id from orders.order_address where lower(email) = lower(${text}))`];
  }
  // Turned round as the index has it, with what is special in a pattern made plain.
  const backwards = sql`regexp_replace(reverse(upper(${text})), ${String.raw`([\\%_])`}, ${String.raw`\\\1`}, 'g')`;
  const rest = text.length < NUMBER_END_MIN ? '' : '%';
  const searches: RawBuilder<unknown>[] = [sql`reverse(upper(o.number)) like ${backwards} || ${rest}`];
  const { orders, variants } = await keysOf(reads, text);
  if (orders.length > 0) searches.push(sql`o.id = any(${orders}::uuid[])`);
  if (variants.length > 0) {
    searches.push(
      sql`o.id in (select order_id from orders.order_line where variant_id = any(${variants}::uuid[]))`,
    );
  }
  if (mayReadPersonal && /\p{L}{2}/u.test(text)) {
    searches.push(
      sql`o.id in (
        select order_id from orders.order_address
        where to_tsvector('simple', name) @@ plainto_tsquery('simple', ${text}))`,
    );
  }
  return searches;
}

/** The orders of a tracking number or a provider's reference, and the variants with that SKU. */
async function keysOf(reads: Db, text: string): Promise<{ orders: string[]; variants: string[] }> {
  const { rows } = await sql<{ orderId: string | null; variantId: string | null }>`
    select order_id as "orderId", null as "variantId" from (
      select shipment.order_id from fulfilment.parcel join fulfilment.shipment on shipment.id = shipment_id
      where tracking_number = ${text}
      union select order_id from payments.payment where provider_ref = ${text}
      union select order_id from payments.entry join payments.payment on payment.id = payment_id
      where entry.provider_ref = ${text}
      limit ${KEYS_MAX}
    ) as named
    union all select null, id from catalog.variant where lower(sku) = lower(${text})`.execute(reads);
  return {
    orders: rows.flatMap(({ orderId }) => orderId ?? []),
    variants: rows.flatMap(({ variantId }) => variantId ?? []),
  };
}

/** Codes and ids are looked up first: how rare they are decides which index is the right one. */
async function placesOf(reads: Db, { region, location }: OrderQuestion): Promise<RawBuilder<unknown>[]> {
  if (!region && !location) return [];
  const { rows } = await sql<{ regionCode: string | null; locationId: string | null }>`
    select code as "regionCode", null as "locationId" from market.region
    where code = ${region ?? ''} or starts_with(code, ${region ?? ''} || '-')
    union all select null, id from inventory.location where code = ${location ?? ''}`.execute(reads);
  const codes = rows.flatMap(({ regionCode }) => regionCode ?? []);
  const ids = rows.flatMap(({ locationId }) => locationId ?? []);
  return [
    ...(region ? [sql`o.region_code = any(${codes}::text[])`] : []),
    ...(location
      ? [
          sql`o.id in (
            select order_id from fulfilment.fulfilment_order
            where location_id = any(${ids}::uuid[]) and state not in ('rejected', 'expired', 'cancelled'))`,
        ]
      : []),
  ];
}

/** A business day lies at most so far from the moments at UTC that count for it. */
const ZONES_APART = '1 day';

function filtersOf(question: OrderQuestion): RawBuilder<unknown>[] {
  const { state, touchpoint, from, to, currency, marks } = question;
  const { totalFromMinor, totalToMinor } = question;
  const filters: RawBuilder<unknown>[] = [];
  if (state) filters.push(sql`o.state = ${state}::orders.order_state`);
  if (touchpoint) filters.push(sql`o.touchpoint = ${touchpoint}`);
  // The order of time has an index; the day is looked at where it is near.
  if (from) {
    filters.push(
      sql`o.business_day >= ${from}::date and o.placed_at >= ${from}::timestamp at time zone 'UTC' - ${ZONES_APART}::interval`,
    );
  }
  if (to) {
    filters.push(
      sql`o.business_day <= ${to}::date and o.placed_at < ${to}::timestamp at time zone 'UTC' + 2 * ${ZONES_APART}::interval`,
    );
  }
  if (currency) filters.push(sql`o.currency = ${currency}`);
  if (totalFromMinor !== undefined) filters.push(sql`o.total_minor >= ${totalFromMinor}::bigint`);
  if (totalToMinor !== undefined) filters.push(sql`o.total_minor <= ${totalToMinor}::bigint`);
  return [...filters, ...marks.map((mark) => MARKED[mark](question.now))];
}

/** Arrays, so that the few that they hold are found by their ids, and no other order is looked at. */
const MARKED: Record<OrderMark, (now: Date) => RawBuilder<unknown>> = {
  late: (now) => sql`o.id = any(array(
    select order_id from fulfilment.fulfilment_order
    where delivered_at is not null and (delivered_at at time zone 'UTC')::date > first_promised_to
    union select order_id from fulfilment.fulfilment_order
    where state in ('assigned', 'accepted', 'picked', 'packed', 'shipped')
      and first_promised_to < (${now}::timestamptz at time zone 'UTC')::date
    union select order_id from fulfilment.fulfilment_order
    where state = 'waiting' and first_promised_to < (${now}::timestamptz at time zone 'UTC')::date))`,
  unfillable: () => sql`o.id in (select order_id from fulfilment.unfillable where resolved_at is null)`,
  outstanding: () => sql`o.id = any(array(
    with unlike as materialized (
      select order_id from payments.payment
      where state in ('authorized', 'captured') and captured_minor - refunded_minor <> amount_minor
      union select order_id from payments.reduction
    )
    select unlike.order_id from unlike
    where (select total_minor from orders.order where id = unlike.order_id) <>
      (select coalesce(sum(captured_minor - refunded_minor), 0) from payments.payment
        where order_id = unlike.order_id)
      + (select coalesce(sum(amount_minor), 0) from payments.reduction where order_id = unlike.order_id)))`,
};

/** What orders have of each kind of filter, by skipping along the index from one value to the next. */
export async function orderFacets(
  reads: Db,
): Promise<{ touchpoints: string[]; currencies: string[]; regions: { code: string; name: string }[] }> {
  const { rows } = await sql<{ kind: string; value: string; name: string }>`
    with recursive touchpoint as (
      (select touchpoint::text as value from orders.order order by touchpoint limit 1)
      union all select (
        select o.touchpoint::text from orders.order o where o.touchpoint > touchpoint.value
        order by o.touchpoint limit 1) from touchpoint where value is not null
    ), currency as (
      (select currency::text as value from orders.order order by currency limit 1)
      union all select (
        select o.currency::text from orders.order o where o.currency > currency.value
        order by o.currency limit 1) from currency where value is not null
    ), sold as (
      select code, parent_code from market.region
      where exists (select from orders.order o where o.region_code = code)
    )
    select 'touchpoint' as kind, value, '' as name from touchpoint where value is not null
    union all select 'currency', value, '' from currency where value is not null
    union all select 'region', code, name from market.region
      where code in (select code from sold) or (kind = 'country' and code in (select parent_code from sold))
    order by 3, 2`.execute(reads);
  const ofKind = (wanted: string) => rows.filter(({ kind }) => kind === wanted);
  return {
    touchpoints: ofKind('touchpoint').map(({ value }) => value),
    currencies: ofKind('currency').map(({ value }) => value),
    regions: ofKind('region').map(({ value: code, name }) => ({ code, name })),
  };
}
