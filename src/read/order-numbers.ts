import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** The numbers of orders by their ids; what was told by another system and is none of ours is not among them. */
export async function orderNumbers(reads: Db, orderIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; number: string }>`
    select id, number from orders.order where id = any(${[...new Set(orderIds)]}::uuid[])`.execute(reads);
  return new Map(rows.map(({ id, number }) => [id, number]));
}
