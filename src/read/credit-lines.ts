import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A row of the credit ledger with the order that it came from. */
export interface CreditLine {
  id: number;
  businessDay: string;
  saleId: string;
  /** The order's number; null for a return that names no order. */
  number: string | null;
  title: string | null;
  regionCode: string | null;
  amountMinor: number;
  isCorrection: boolean;
}

export interface CreditLinesQuestion {
  kind: 'regional' | 'fulfilment';
  /** Null: what no territory claims. */
  locationId: string | null;
  from: string;
  to: string;
  currency: string;
}

/** Where a page ended: the next one begins after it. */
export interface CreditCursor {
  day: string;
  id: number;
}

/** What a location was credited with in a period, the latest first. */
export async function creditLines(
  reads: Db,
  { kind, locationId, from, to, currency }: CreditLinesQuestion,
  { after, limit }: { after?: CreditCursor | undefined; limit: number },
): Promise<CreditLine[]> {
  const place = locationId === null ? sql`location_id is null` : sql`location_id = ${locationId}`;
  const beyond = after ? sql`and (business_day, id) < (${after.day}::date, ${after.id}::bigint)` : sql``;
  const { rows } = await sql<CreditLine>`
    with credit as (
      select * from market.sale_credit
      where kind = ${kind}::market.credit_kind and ${place}
        and business_day between ${from}::date and ${to}::date and currency = ${currency} ${beyond}
      order by business_day desc, id desc limit ${limit}
    )
    select credit.id, credit.business_day as "businessDay", credit.sale_id as "saleId", sale.number,
      coalesce(line.title, back.title) as title, credit.region_code as "regionCode",
      credit.amount_minor as "amountMinor", credit.recrediting_id is not null as "isCorrection"
    from credit
    left join orders."order" sale on sale.id = credit.sale_id
    left join orders.order_line line on line.order_id = credit.sale_id and line.id = credit.line_id
    left join orders.return_line back on back.id = credit.line_id
    order by credit.business_day desc, credit.id desc`.execute(reads);
  return rows;
}
