import type { ClickHouseClient } from '@clickhouse/client';

/** What the ledger holds of one currency: what the filters of a screen can offer. */
export interface LedgerPart {
  currency: string;
  from: string;
  to: string;
  sources: string[];
  touchpoints: string[];
}

/** One part for each currency, the one with the latest sale first. */
export async function ledgerParts(clickhouse: ClickHouseClient): Promise<LedgerPart[]> {
  const result = await clickhouse.query({
    // Without FINAL: an entry that is there twice until the next merge changes none of these.
    query: `
      SELECT currency, toString(min(business_day)) AS from, toString(max(business_day)) AS to,
        arraySort(groupUniqArray(source)) AS sources, arraySort(groupUniqArray(touchpoint)) AS touchpoints
      FROM sale_entry GROUP BY currency ORDER BY max(business_day) DESC, currency`,
    format: 'JSONEachRow',
  });
  return result.json<LedgerPart>();
}
