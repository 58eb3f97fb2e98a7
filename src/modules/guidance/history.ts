import type { ClickHouseClient } from '@clickhouse/client';
import { businessDayAt, type Clock, shiftDay } from '../insight/index.ts';
import type { Finding } from './findings.ts';
import { judge } from './judge.ts';
import { marketsBetween } from './markets.ts';

/** A day of the figure and, where its past says enough, what was to be expected of it. */
export interface HistoryDay {
  day: string;
  value: number | null;
  expected?: number;
  low?: number;
  high?: number;
}

const BEFORE_DAYS = 35;
const AFTER_DAYS = 7;

/** The figure of a finding day by day, five weeks before it and a week after, with the band of each day. */
export async function historyOf(
  clickhouse: ClickHouseClient,
  finding: Pick<Finding, 'metric' | 'region' | 'currency' | 'fromDay' | 'lastDay'>,
  clock: Clock,
): Promise<HistoryDay[]> {
  const { metric, region, currency } = finding;
  const yesterday = shiftDay(businessDayAt(clock.now, clock.timeZone), -1);
  const after = shiftDay(finding.lastDay, AFTER_DAYS);
  const to = after < yesterday ? after : yesterday;
  const from = shiftDay(finding.fromDay, -BEFORE_DAYS);
  const { first, markets } = await marketsBetween(clickhouse, { from, to, currency }, clock, [region]);
  const found = markets.find(({ key }) => key.metric === metric && key.region === region);
  if (!found) return [];
  const { series } = found;
  const days: HistoryDay[] = [];
  for (let day = from; day <= to; day = shiftDay(day, 1)) {
    const index = Math.round((Date.parse(day) - Date.parse(first)) / 86_400_000);
    const divisor = series.over ? (series.over[index] ?? 0) : 1;
    const value = divisor > 0 ? (series.values[index] ?? 0) / divisor : null;
    const judged = judge(series, index).find(({ span }) => span === 1);
    days.push({
      day,
      value,
      ...(judged && { expected: judged.expected, low: judged.low, high: judged.high }),
    });
  }
  return days;
}
