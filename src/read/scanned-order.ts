import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** The id itself, which a receipt bears that was printed without a connection, or any address that names the order. */
const NAMED = new RegExp(`^(?:\\S*/orders/)?(${UUID})(?:[/?#]\\S*)?$`, 'i');

/** What a return's number adds to its order's. */
const RETURN_END = /-R\d{1,3}$/i;

/**
 * The order whose number was scanned or typed, or its id, or a link to it; or the order of a return by the return's
 * number or id. Ours before those of other systems.
 */
export async function scannedOrder(reads: Db, scan: string): Promise<string | undefined> {
  const text = scan.trim();
  const ofReturn = text.replace(RETURN_END, '');
  const id = NAMED.exec(text)?.[1]?.toLowerCase();
  const { rows } = await sql<{ id: string }>`
    select id from orders.order
    where ${id === undefined ? sql`reverse(upper(number)) = any(array[reverse(upper(${text})), reverse(upper(${ofReturn}))])` : sql`id = any(array(select ${id}::uuid union select order_id from orders.return_request where id = ${id}))`}
    order by upper(number) <> upper(${text}), reservation_id is null, placed_at desc limit 1`.execute(reads);
  return rows[0]?.id;
}
