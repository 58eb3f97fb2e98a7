import type { ClickHouseClient } from '@clickhouse/client';
import { insightErrors } from './errors.ts';
import { dayCount, type Period, shiftDay } from './periods.ts';

const DAYS_MAX = 400;
const WINDOW_HOURS_MAX = 90 * 24;
const HOUR_MS = 3_600_000;

export interface FunnelQuestion extends Period {
  /** Names of events, in the order in which they are to happen; others may happen in between. */
  steps: readonly string[];
  /** From the first step to the last. */
  windowHours: number;
}

export interface FunnelRow {
  /** Of the market; empty where none of the person's events tells. */
  region: string;
  /** How many came to each step, so none is above the one before it. */
  persons: number[];
}

export interface Asked {
  text: string;
  params: Record<string, unknown>;
}

export interface FunnelAnswer {
  rows: FunnelRow[];
  total: number[];
  /** Whether somebody of the period still has time for the next step. */
  isOpen: boolean;
  sql: Asked;
}

/**
 * A person counts once, by the furthest step they came to: people as the graph has them now, visitors where it knows nobody.
 * Who begins within the period has the whole window, beyond its end too. Left out: robots, and events that came with a no
 * to figures.
 */
export async function funnel(
  clickhouse: ClickHouseClient,
  { steps, windowHours, from, to }: FunnelQuestion,
  { now, timeZone }: { now: Date; timeZone: string },
): Promise<FunnelAnswer> {
  if (!(dayCount({ from, to }) >= 1 && dayCount({ from, to }) <= DAYS_MAX))
    throw insightErrors.period_unfit({ from, to });
  const isWindow = Number.isInteger(windowHours) && windowHours >= 1 && windowHours <= WINDOW_HOURS_MAX;
  if (!isWindow) throw insightErrors.question_unfit({ reason: 'window_unfit' });
  const params: Record<string, unknown> = {
    from,
    until: shiftDay(to, 1),
    timeZone,
    windowMs: windowHours * HOUR_MS,
    names: [...new Set(steps)],
  };
  steps.forEach((name, index) => (params[`step${index}`] = name));
  const conditions = steps.map((_, index) => {
    const is = `name = {step${index}: String}`;
    return index === 0 ? `${is} and occurred_at < ends` : is;
  });
  const text = `
    with toDateTime64({from: String}, 3, {timeZone: String}) as begins,
      toDateTime64({until: String}, 3, {timeZone: String}) as ends
    select region, groupArray(reached) as levels, groupArray(people) as counts from (
      select region, reached, count() as people from (
        select argMinIf(region, (occurred_at, mid), region != '') as region,
          windowFunnel({windowMs: UInt64})(toUInt64(toUnixTimestamp64Milli(occurred_at)), ${conditions.join(', ')}) as reached
        from (
          select occurred_at, mid, name, event_of_person.region as region,
            if(person_id != toUUID('00000000-0000-0000-0000-000000000000'), toString(person_id), toString(visitor)) as who
          from event_of_person
          where name in {names: Array(String)} and not is_bot
            and occurred_at >= begins and occurred_at < addMilliseconds(ends, {windowMs: UInt64})
            and (not mapContains(consent, 'analytics') or consent['analytics'])
        ) group by who
      ) where reached > 0 group by region, reached
    ) group by region order by region`;
  const found = await clickhouse.query({ query: text, query_params: params, format: 'JSONEachRow' });
  const rows = (await found.json<{ region: string; levels: number[]; counts: (number | string)[] }>()).map(
    ({ region, levels, counts }) => ({
      region,
      persons: steps.map((_, step) =>
        levels.reduce((sum, level, index) => sum + (level > step ? Number(counts[index]) : 0), 0),
      ),
    }),
  );
  const total = steps.map((_, step) => rows.reduce((sum, row) => sum + (row.persons[step] ?? 0), 0));
  const closes = Date.parse(`${shiftDay(to, 1)}T00:00:00Z`) + windowHours * HOUR_MS + 14 * HOUR_MS;
  return { rows, total, isOpen: now.getTime() < closes, sql: { text, params } };
}
