import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A part of the money of a return: of a payment's provider, out of a drawer, or as credit. */
interface PaidBack {
  means: string;
  amountMinor: number;
}

interface Found {
  number: string;
  totalMinor: number;
  asked: PaidBack[];
  drawerMinor: number;
}

/** How the money of a return went back, and its number in the books; undefined where no money did. */
export async function paidBackFor(
  reads: Db,
  requestId: string,
  /** What of it pays for goods that were taken in its place. */
  goodsMinor: number,
): Promise<{ number: string; parts: PaidBack[] } | undefined> {
  const { rows } = await sql<Found>`
    select back.number, back.total_minor as "totalMinor", coalesce((
      select json_agg(json_build_object('means', provider, 'amountMinor', amount) order by provider)
      from (
        select provider, sum(asked.amount_minor) as amount
        from payments.payment join payments.operation as asked on asked.payment_id = payment.id
        where payment.order_id = back.order_id and asked.kind in ('refund', 'void')
          and asked.asked_at = back.returned_at
        group by provider
      ) as part), '[]') as asked, (
      select coalesce(-sum(amount_minor), 0)::bigint from till.drawer_entry
      where order_id = back.order_id and kind = 'refund' and entered_at = back.returned_at) as "drawerMinor"
    from orders.return as back where back.id = ${requestId}`.execute(reads);
  const [found] = rows;
  if (!found) return undefined;
  const { number, asked, totalMinor, drawerMinor } = found;
  const creditMinor = asked.reduce((rest, { amountMinor }) => rest - amountMinor, totalMinor - goodsMinor);
  const parts = [
    { means: 'goods', amountMinor: goodsMinor },
    { means: 'cash', amountMinor: drawerMinor },
    ...asked.filter(({ means }) => means !== 'cash'),
    { means: 'credit', amountMinor: creditMinor },
  ];
  return { number, parts: parts.filter(({ amountMinor }) => amountMinor > 0) };
}

/** What was handed back of the cash that was given for an order; undefined where no till sold it. */
export async function changeGiven(reads: Db, orderId: string): Promise<number | undefined> {
  const { rows } = await sql<{ changeMinor: number }>`
    select (select coalesce(sum(tendered_minor - amount_minor), 0)::bigint from till.sale_payment
      where order_id = sale.order_id) as "changeMinor"
    from till.sale where order_id = ${orderId}`.execute(reads);
  return rows[0]?.changeMinor;
}
