import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** The id itself, which a receipt bears that was printed without a connection, or any address that names the order. */
const NAMED = new RegExp(`^(?:\\S*/orders/)?(${UUID})(?:[/?#]\\S*)?$`, 'i');

/** The order whose number was scanned or typed, or its id, or a link to it. Ours before those of other systems. */
export async function scannedOrder(reads: Db, scan: string): Promise<string | undefined> {
  const text = scan.trim();
  const id = NAMED.exec(text)?.[1]?.toLowerCase();
  const { rows } = await sql<{ id: string }>`
    select id from orders.order
    where ${id === undefined ? sql`reverse(upper(number)) = reverse(upper(${text}))` : sql`id = ${id}`}
    order by reservation_id is null, placed_at desc limit 1`.execute(reads);
  return rows[0]?.id;
}
