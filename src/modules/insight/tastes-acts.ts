import type { ClickHouseClient } from '@clickhouse/client';
import { type Acts, HALF_LIFE_DAYS } from './interests.ts';

const NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')";
const ORDERED_WITHIN_DAYS = 7;

/** A year that ends today, as the retailer's calendar has it. */
export interface Year {
  since: string;
  today: string;
  timeZone: string;
}

type Who = { who: string };
export type ActsOf = Acts & Who;
type Row = { who: string; productId: string; count: number | string; decayed: number };

const decayed = (day: string) =>
  `sum(pow(0.5, greatest(0, dateDiff('day', ${day}, {today: Date32})) / ${HALF_LIFE_DAYS}))`;

/** Orders with a product, of which something was kept or came back: what was cancelled was not wanted in the end. */
const BOUGHT = (isOwn: boolean) => `
  select ${isOwn ? 'toString(customer_id)' : "''"} as who, product as productId, count() as count, ${decayed('day')} as decayed
  from (
    select customer_id, order_id, toString(product_id) as product, minIf(business_day, not is_cancellation) as day
    from sale_entry final
    where kind = 'goods' and not is_return and product_id != ${NOBODY} and business_day between {since: Date32} and {today: Date32}
      ${isOwn ? 'and customer_id in {ids: Array(UUID)}' : ''}
    group by customer_id, order_id, product having sum(units) > 0 and countIf(not is_cancellation) > 0
  ) group by who, productId order by who, productId`;

/** A product that somebody looks at all day was looked at once. Left out: robots, and events that came with a no to figures. */
const VIEWED = (isOwn: boolean) => `
  select who, productId, count() as count, ${decayed('day')} as decayed
  from (
    select distinct ${isOwn ? "toString(person_id) as who, ''" : "'' as who, toString(visitor)"} as walker, product_id as productId,
      toDate32(occurred_at, {timeZone: String}) as day
    from ${isOwn ? 'event_of_person' : 'event final'}
    where name = 'Product Viewed' and product_id != '' and not is_bot
      and (not mapContains(consent, 'analytics') or consent['analytics'])
      and day between {since: Date32} and {today: Date32} ${isOwn ? 'and person_id in {ids: Array(UUID)}' : ''}
  ) group by who, productId order by who, productId`;

async function actsBy(
  clickhouse: ClickHouseClient,
  act: Acts['act'],
  query: string,
  params: Record<string, unknown>,
): Promise<ActsOf[]> {
  const found = await clickhouse.query({ query, query_params: params, format: 'JSONEachRow' });
  return (await found.json<Row>()).map((row) => ({ ...row, act, count: Number(row.count) }));
}

/** What everybody bought and looked at, guests too: the ground that a customer is held against. */
export async function actsOfAll(clickhouse: ClickHouseClient, year: Year): Promise<Acts[]> {
  const [bought, viewed] = await Promise.all([
    actsBy(clickhouse, 'bought', BOUGHT(false), { ...year }),
    actsBy(clickhouse, 'viewed', VIEWED(false), { ...year }),
  ]);
  return [...bought, ...viewed];
}

/** What some customers bought, by customer, and what some persons looked at, by person. */
export async function actsOfSome(
  clickhouse: ClickHouseClient,
  { customers, persons }: { customers: readonly string[]; persons: readonly string[] },
  year: Year,
): Promise<{ bought: ActsOf[]; viewed: ActsOf[] }> {
  const [bought, viewed] = await Promise.all([
    actsBy(clickhouse, 'bought', BOUGHT(true), { ...year, ids: customers }),
    actsBy(clickhouse, 'viewed', VIEWED(true), { ...year, ids: persons }),
  ]);
  return { bought, viewed };
}

/** How often each of some persons handed a page on. */
export async function sharesOf(
  clickhouse: ClickHouseClient,
  persons: readonly string[],
  year: Year,
): Promise<Map<string, number>> {
  const found = await clickhouse.query({
    query: `
      select toString(person_id) as who, count() as count from event_of_person
      where name like '% Shared' and kind != 'ledger' and not is_bot and person_id in {ids: Array(UUID)}
        and (not mapContains(consent, 'analytics') or consent['analytics'])
        and toDate32(occurred_at, {timeZone: String}) between {since: Date32} and {today: Date32}
      group by who`,
    query_params: { ...year, ids: persons },
    format: 'JSONEachRow',
  });
  const rows = await found.json<{ who: string; count: number | string }>();
  return new Map(rows.map(({ who, count }) => [who, Number(count)]));
}

/** Somebody who opened a look, a board or a post in the week before they ordered. */
export interface Opened {
  pieceId: string;
  personId: string;
  orderId: string;
}

export async function openedBeforeOrders(clickhouse: ClickHouseClient, year: Year): Promise<Opened[]> {
  const found = await clickhouse.query({
    query: `
      select distinct opened.piece as pieceId, toString(opened.who) as personId, ordered.number as orderId
      from (
        select person_id as who, occurred_at as at,
          extract(path(url), '^/(?:looks|boards|posts)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})') as piece
        from event_of_person
        where kind != 'ledger' and not is_bot and url != '' and piece != '' and who != ${NOBODY}
          and (not mapContains(consent, 'analytics') or consent['analytics'])
          and toDate32(occurred_at, {timeZone: String}) between {since: Date32} and {today: Date32}
      ) as opened
      join (
        select person_id as who, occurred_at as at, order_id as number from event_of_person
        where kind = 'ledger' and name = 'orders.order_placed.v1' and who != ${NOBODY}
          and toDate32(occurred_at, {timeZone: String}) between {since: Date32} and {today: Date32}
      ) as ordered on ordered.who = opened.who
      where opened.at <= ordered.at and opened.at > ordered.at - interval ${ORDERED_WITHIN_DAYS} day
      order by pieceId, orderId`,
    query_params: { ...year },
    format: 'JSONEachRow',
  });
  return found.json<Opened>();
}
