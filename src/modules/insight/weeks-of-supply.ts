import type { ClickHouseClient } from '@clickhouse/client';
import type { Asked } from './funnel.ts';
import { shiftDay } from './periods.ts';
import { SHIPPED_DAYS } from './stock-facts.ts';

/** Beyond so many weeks nobody forecasts. */
const WEEKS_MAX = 52;
const YEAR_DAYS = WEEKS_MAX * 7;
/** Of fewer units a week the rise and fall of a year ago is chance. */
const SEASON_UNITS_MIN = 20;

/**
 * Smallest w with Σ_{i≤w} forecast_i ≥ units, interpolated within its week; null where 52 weeks are not enough. The forecast of a
 * week is the pace times its season.
 */
export function weeksOfSupply(units: number, aWeek: number, season: readonly number[]): number | null {
  if (units <= 0) return 0;
  let left = units;
  for (let week = 0; week < WEEKS_MAX; week++) {
    const forecast = aWeek * (season[week] ?? 1);
    if (forecast >= left) return week + left / forecast;
    left -= forecast;
  }
  return null;
}

/**
 * How much more or less than the pace of 13 weeks each of the next 52 sends, as it was a year before: units sent in the same week of
 * the year before by the mean of the 13 weeks before that. All locations and markets together, so that it is more than
 * chance; none where a year ago too little was sent to tell.
 */
export async function seasonAhead(
  clickhouse: ClickHouseClient,
  closes: string,
): Promise<{ weeks: number[]; sql: Asked }> {
  const ago = shiftDay(closes, -YEAR_DAYS);
  const params = { ago, from: shiftDay(ago, 1 - SHIPPED_DAYS), to: closes };
  const text = `SELECT toInt32(intDiv(dateDiff('day', {ago:Date32}, gone_day) - 1, 7)) AS week, gone_day > {ago:Date32} AS is_after,
  toInt64(sum(remaining)) AS units
FROM service_entry FINAL
WHERE NOT is_void AND is_gone AND gone_day BETWEEN {from:Date32} AND {to:Date32}
GROUP BY week, is_after ORDER BY is_after, week`;
  const found = await clickhouse.query({ query: text, query_params: params, format: 'JSONEachRow' });
  const rows = await found.json<{ week: number; is_after: boolean; units: number | string }>();
  const before = rows.reduce((sum, { is_after: isAfter, units }) => sum + (isAfter ? 0 : Number(units)), 0);
  const mean = before / (SHIPPED_DAYS / 7);
  const weeks = Array.from({ length: WEEKS_MAX }, (_, week) => {
    const then = rows.find((row) => row.is_after && row.week === week);
    return mean < SEASON_UNITS_MIN ? 1 : Number(then?.units ?? 0) / mean;
  });
  return { weeks, sql: { text, params } };
}
