import type { ClickHouseClient } from '@clickhouse/client';
import { type FactName, FACTS, type Fact, sumSql } from './facts.ts';

/** The facts whose sums are kept. */
type RolledUp = {
  [Name in FactName]: (typeof FACTS)[Name] extends { rollup: string } ? Name : never;
}[FactName];

/** A day and a region or location that entries came to. */
export interface TouchedKey {
  currency: string;
  day: string;
  place: string;
}

/** The days and regions that told entries came to, each once. */
export const touchedOf = (
  entries: readonly { currency: string; business_day: string; region: string }[],
): TouchedKey[] => [
  ...new Map(
    entries.map(({ currency, business_day: day, region: place }) => [
      `${currency} ${day} ${place}`,
      { currency, day, place },
    ]),
  ).values(),
];

/** Their values go along in the address of the request. */
const KEYS_MAX = 100;

/** What stands in the roll-up of a fact beside its day, region and sums. */
const KEPT_BY = {
  sales: 'currency, business_day, region, touchpoint, source',
  credits: 'currency, business_day, region, location_id',
  stock: 'currency, business_day, location_id',
  goods_costs: 'currency, business_day, region, touchpoint, source',
  serve_costs: 'currency, business_day, region, touchpoint, source, kind',
} as const satisfies Record<RolledUp, string>;

/** Where the entries of a ledger are: what its order begins with, after its day. */
const PLACE = {
  sales: { column: 'region', key: 'touched.3' },
  credits: { column: 'region', key: 'touched.3' },
  stock: { column: 'location_id', key: 'toUUID(touched.3)' },
  goods_costs: { column: 'region', key: 'touched.3' },
  serve_costs: { column: 'region', key: 'touched.3' },
} as const satisfies Record<RolledUp, object>;

/**
 * Computes the sums of these days and regions anew from the ledger. Done twice, or late, it changes nothing: the row that
 * counted the most entries holds, and entries are never taken away.
 */
export async function refreshRollup(
  clickhouse: ClickHouseClient,
  name: RolledUp,
  keys: readonly TouchedKey[],
): Promise<void> {
  const fact: Fact & { rollup: string } = FACTS[name];
  const measures = Object.keys(fact.measures);
  const sums = measures.map((measure) => `${sumSql(fact, measure, 'ledger')} AS ${measure}_sum`);
  for (let from = 0; from < keys.length; from += KEYS_MAX) {
    const some = keys.slice(from, from + KEYS_MAX);
    await clickhouse.command({
      query: `
        INSERT INTO ${fact.rollup} (${KEPT_BY[name]}, ${measures.join(', ')}, entries)
        SELECT ${KEPT_BY[name]}, ${sums.join(', ')}, count() AS entry_count
        FROM ${fact.ledger} FINAL
        WHERE (currency, business_day, ${PLACE[name].column}) IN (
          SELECT touched.1, toDate32(touched.2), ${PLACE[name].key}
          FROM (SELECT arrayJoin(arrayZip({currencies:Array(String)}, {days:Array(String)}, {places:Array(String)})) AS touched)
        )
        GROUP BY ${KEPT_BY[name]}`,
      query_params: {
        currencies: some.map(({ currency }) => currency),
        days: some.map(({ day }) => day),
        places: some.map(({ place }) => place),
      },
      clickhouse_settings: { do_not_merge_across_partitions_select_final: 1 },
    });
  }
}
