import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: spendReachesTo, waitingSince: spendWaitingSince } = toldLedger({
  table: 'marketing.spend_entry',
  at: 'written_at',
});

/** What was spent, as the numbers keep it: a row of theirs. */
export interface ToldSpend {
  entry_id: string;
  currency: string;
  business_day: string;
  region: string;
  source: string;
  campaign: string;
  amount_minor: string;
}

/** Those between two places. */
export async function spendBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
): Promise<ToldSpend[]> {
  const { rows } = await connection.query<ToldSpend>(
    `select id::text as entry_id, currency, day::text as business_day, region_code as region, source, campaign,
       amount_minor::text
     from marketing.spend_entry
     where (committed_by, id) > ($1::xid8, $2::bigint) and (committed_by, id) <= ($3::xid8, $4::bigint)
     order by committed_by, id`,
    [after.position, after.number, to.position, to.number],
  );
  return rows;
}
