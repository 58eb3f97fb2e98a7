import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** How much there is, for `stoa doctor`. */
export async function rowCounts(reads: Db): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from catalog.product) as products, (select count(*) from inventory.location) as locations,
      (select count(*) from identity.member) as members, (select count(*) from identity.customer) as customers,
      (select count(*) from orders.order) as orders, (select count(*) from orders.return) as returns,
      (select count(*) from platform.event) as events`.execute(reads);
  return rows[0] ?? {};
}

/** Who has an account under this address. */
export async function memberIdOf(reads: Db, email: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from identity.member where email = lower(trim(${email}))`.execute(reads);
  return rows[0]?.id;
}
