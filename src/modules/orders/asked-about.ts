import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { COUNTER } from './counter-sale.ts';

/** What is known of an order for who asks its buyer how it was. */
export interface AskedAbout {
  number: string;
  customerId: string | null;
  touchpoint: string;
  regionCode: string;
  /** Where it is collected; null: it goes to the buyer's door, or was carried away. */
  pickupLocationId: string | null;
  /** Carried away from a counter at once. */
  isCarriedAway: boolean;
  /** The place of that counter. */
  carriedFrom: string | null;
  /** Sent in place of goods that come back. */
  isExchange: boolean;
  /** Of its address; null where it has none, and once it was erased. */
  email: string | null;
}

/** Undefined where there is no such order. */
export const askedAbout = async (db: Db, orderId: string): Promise<AskedAbout | undefined> =>
  (await askedAboutEach(db, [orderId])).get(orderId);

/** By order. */
export async function askedAboutEach(db: Db, orderIds: readonly string[]): Promise<Map<string, AskedAbout>> {
  const { rows } = await sql<AskedAbout & { id: string }>`
    select id, number, customer_id as "customerId", touchpoint, region_code as "regionCode",
      pickup_location_id as "pickupLocationId",
      coalesce(delivery_code = ${COUNTER}, false) as "isCarriedAway",
      case when delivery_code = ${COUNTER} then (
        select location_id from orders.order_line where order_id = "order".id and location_id is not null
        order by position limit 1) end as "carriedFrom",
      exists (select from orders.exchange where order_id = "order".id) as "isExchange",
      (select email from orders.order_address where order_id = "order".id) as email
    from orders.order where id = any((select ${[...orderIds]}::uuid[])::uuid[])`.execute(db);
  return new Map(rows.map(({ id, ...asked }) => [id, asked]));
}

/** Where the goods of a return came to; null where they did not come, or another system took them. It has its request's id. */
export async function returnedTo(db: Db, returnId: string): Promise<string | null> {
  const { rows } = await sql<{ location: string | null }>`
    select location_id as location from orders.return_request where id = ${returnId}`.execute(db);
  return rows[0]?.location ?? null;
}

/** The orders that went to somebody: those of a customer, and those with an address that is theirs for sure. */
export async function ordersOfBuyer(
  db: Db,
  { customerId, email }: { customerId?: string | undefined; email?: string | undefined },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from orders.order where customer_id = ${customerId ?? null}::uuid
    union select order_id as id from orders.order_address where lower(email) = ${email?.toLowerCase() ?? null}
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}

/** Those of the ids or numbers that name an order of ours. */
export async function knownOrders(db: Db, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${[...names]}::text[]) as asked (name)
    where exists (select from orders.order where source = 'stoa' and number = name)
      or exists (select from orders.order where id = ${uuidOrNull(sql`name`)})`.execute(db);
  return new Set(rows.map(({ name }) => name));
}

const uuidOrNull = (text: RawBuilder<unknown>) =>
  sql`case when pg_input_is_valid(${text}, 'uuid') then ${text}::uuid end`;
