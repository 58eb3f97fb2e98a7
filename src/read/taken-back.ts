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
  const creditMinor = asked.reduce((rest, { amountMinor }) => rest - amountMinor, totalMinor);
  const parts = [
    { means: 'cash', amountMinor: drawerMinor },
    ...asked.filter(({ means }) => means !== 'cash'),
    { means: 'credit', amountMinor: creditMinor },
  ];
  return { number, parts: parts.filter(({ amountMinor }) => amountMinor > 0) };
}
