import type { ClickHouseClient } from '@clickhouse/client';
import { factOf, type FactName, sumSql } from './facts.ts';

/** A day and region that entries came to. */
export interface TouchedKey {
  currency: string;
  day: string;
  region: string;
}

/** Their values go along in the address of the request. */
const KEYS_MAX = 100;

/** What stands in the roll-up of a fact beside its day, region and sums. */
const KEPT_BY = {
  sales: 'currency, business_day, region, touchpoint, source',
  credits: 'currency, business_day, region, location_id',
} as const satisfies Record<FactName, string>;

/**
 * Computes the sums of these days and regions anew from the ledger. Done twice, or late, it changes nothing: the row that
 * counted the most entries holds, and entries are never taken away.
 */
export async function refreshRollup(
  clickhouse: ClickHouseClient,
  name: FactName,
  keys: readonly TouchedKey[],
): Promise<void> {
  const fact = factOf(name);
  const measures = Object.keys(fact.measures);
  const sums = measures.map((measure) => `${sumSql(fact, measure, 'ledger')} AS ${measure}_sum`);
  for (let from = 0; from < keys.length; from += KEYS_MAX) {
    const some = keys.slice(from, from + KEYS_MAX);
    await clickhouse.command({
      query: `
        INSERT INTO ${fact.rollup} (${KEPT_BY[name]}, ${measures.join(', ')}, entries)
        SELECT ${KEPT_BY[name]}, ${sums.join(', ')}, count() AS entry_count
        FROM ${fact.ledger} FINAL
        WHERE (currency, business_day, region) IN (
          SELECT touched.1, toDate32(touched.2), touched.3
          FROM (SELECT arrayJoin(arrayZip({currencies:Array(String)}, {days:Array(String)}, {regions:Array(String)})) AS touched)
        )
        GROUP BY ${KEPT_BY[name]}`,
      query_params: {
        currencies: some.map(({ currency }) => currency),
        days: some.map(({ day }) => day),
        regions: some.map(({ region }) => region),
      },
      clickhouse_settings: { do_not_merge_across_partitions_select_final: 1 },
    });
  }
}
