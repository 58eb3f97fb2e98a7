import type { ClickHouseClient } from '@clickhouse/client';
import { answer } from './answers.ts';
import type { Figures } from './figures.ts';
import type { MetricName } from './metrics.ts';
import type { Period } from './periods.ts';
import type { Clock } from './questions.ts';

/** What the rows of a screen are made of. A document has one of each, so they add up to the whole. */
export const SALES_BY = ['none', 'region', 'day', 'touchpoint', 'source'] as const;

export interface SalesQuestion extends Period {
  by: (typeof SALES_BY)[number];
  currency: string;
  metrics: readonly MetricName[];
  region?: string | undefined;
  touchpoint?: string | undefined;
  source?: string | undefined;
  /** Asks for the period of the same length before this one as well. */
  compare?: boolean | undefined;
}

export interface SalesRow {
  /** The region's code, the day, … ; empty for `none`. */
  key: string;
  figures: Figures;
  /** The same of the period before. */
  before?: Figures;
}

export interface SalesAnswer {
  currency: string;
  period: Period;
  periodBefore?: Period;
  /** The day that is not over, when the period has it: its figures are so far. */
  today?: string;
  rows: SalesRow[];
  total: SalesRow;
}

/** Sales by one dimension or none, as a screen shows them: `answer` with one key a row. */
export async function salesBy(
  clickhouse: ClickHouseClient,
  { by, region, touchpoint, source, compare, ...asked }: SalesQuestion,
  clock: Clock,
): Promise<SalesAnswer> {
  const only = (value: string | undefined) => (value === undefined ? undefined : [value]);
  const question = {
    ...asked,
    by: by === 'none' ? [] : [by],
    filters: { region: only(region), touchpoint: only(touchpoint), source: only(source) },
    compare: compare ? ('previous' as const) : undefined,
  };
  const { rows, total, sql: _sql, ...rest } = await answer(clickhouse, question, clock);
  const whole = { key: '', ...total };
  const keyed = rows.map(({ keys, figures, before }) => {
    const key = by === 'none' ? '' : (keys[by] ?? '');
    return { key, figures, ...(before && { before }) };
  });
  return { ...rest, rows: by === 'none' ? [whole] : keyed, total: whole };
}
