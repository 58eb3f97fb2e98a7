import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** The orders that questions and contacts are about, by their ids; what is about none is not among them. */
export async function ordersAskedAbout(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; orderId: string }>`
    select id, order_id as "orderId" from satisfaction.question where id = any(${[...ids]}::uuid[]) and order_id is not null
    union all
    select id, order_id from satisfaction.contact where id = any(${[...ids]}::uuid[]) and order_id is not null`.execute(
    db,
  );
  return new Map(rows.map(({ id, orderId }) => [id, orderId]));
}
