import type { ClickHouseClient } from '@clickhouse/client';
import type { Asked } from './funnel.ts';
import { withPersons } from '../persons/index.ts';
import { businessDayAt } from './periods.ts';
import { type Clock } from './questions.ts';
import { insightErrors } from './errors.ts';

/** A month as `YYYY-MM`. */
const MONTHS_MAX = 60;

export interface RetentionQuestion {
  /** The first and the last month of the cohorts. */
  from: string;
  to: string;
  /** Of those who first bought there: a country with its areas, or an area. */
  region?: string | undefined;
}

/** Who first bought in one month, and how many of them bought in it and in each month after. */
export interface Cohort {
  month: string;
  /** Null while the month is not over. */
  size: number | null;
  /** By the months since; null where that month is not over. */
  buyers: (number | null)[];
}

export interface RetentionAnswer {
  cohorts: Cohort[];
  /** All cohorts that have come so far, added up before they are divided. */
  months: { buyers: number; of: number; share: number | null }[];
  sql: Asked;
}

/**
 * retention(c, k): of those who first bought in month c, the share that buys in month c + k. A purchase is an order of which
 * something was not cancelled, in any currency and at any touch point; who came back and sent it back has bought. Customers
 * whom nobody named are in no cohort; those who are one person at the moment of asking count as one.
 */
const PURCHASES = `
  with purchases as (
    select customer_id, order_id, minIf(business_day, not is_return and not is_cancellation) as day,
      any(region) as place
    from sale_entry final
    where customer_id != toUUID('00000000-0000-0000-0000-000000000000') and kind = 'goods'
    group by customer_id, order_id
    having sumIf(units, not is_return) > 0
  ), customers as (
    select customer_id, min((day, order_id)) as began, argMin(place, (day, order_id)) as place_then,
      groupUniqArray(toStartOfMonth(day)) as months
    from purchases group by customer_id
  ), people as (
    select toStartOfMonth(tupleElement(min(began), 1)) as cohort, argMin(place_then, began) as first_place,
      groupUniqArrayArray(months) as bought
    from ${withPersons('select * from customers')} group by person_id
  )
  select formatDateTime(cohort, '%Y-%m') as month, dateDiff('month', cohort, arrayJoin(bought)) as after,
    count() as buyers
  from people
  where cohort between toDate32(concat({from: String}, '-01')) and toDate32(concat({to: String}, '-01'))
    and ({region: String} = '' or first_place = {region: String} or startsWith(first_place, concat({region: String}, '-')))
  group by month, after order by month, after`;

export async function retention(
  clickhouse: ClickHouseClient,
  { from, to, region = '' }: RetentionQuestion,
  { now, timeZone }: Clock,
): Promise<RetentionAnswer> {
  const count = monthsBetween(from, to) + 1;
  if (!(count >= 1 && count <= MONTHS_MAX)) throw insightErrors.period_unfit({ from, to });
  const params = { from, to, region };
  const found = await clickhouse.query({ query: PURCHASES, query_params: params, format: 'JSONEachRow' });
  const rows = await found.json<{ month: string; after: number | string; buyers: number | string }>();
  const running = businessDayAt(now, timeZone).slice(0, 7);
  const cohorts = Array.from({ length: count }, (_, index) => monthAfter(from, index)).map(
    (month): Cohort => {
      const own = new Map(
        rows.flatMap((row) =>
          row.month === month ? [[Number(row.after), Number(row.buyers)] as const] : [],
        ),
      );
      const over = monthsBetween(month, running);
      return {
        month,
        size: over > 0 ? (own.get(0) ?? 0) : null,
        buyers: Array.from({ length: Math.max(0, monthsBetween(from, running)) + 1 }, (_, after) =>
          after < over ? (own.get(after) ?? 0) : null,
        ),
      };
    },
  );
  return { cohorts, months: monthsOf(cohorts), sql: { text: PURCHASES, params } };
}

function monthsOf(cohorts: readonly Cohort[]): RetentionAnswer['months'] {
  const most = Math.max(0, ...cohorts.map(({ buyers }) => buyers.length));
  return Array.from({ length: most }, (_, after) => {
    const told = cohorts.flatMap(({ size, buyers }) => {
      const here = buyers[after];
      return typeof here === 'number' && size !== null ? [{ size, here }] : [];
    });
    const buyers = told.reduce((sum, { here }) => sum + here, 0);
    const of = told.reduce((sum, { size }) => sum + size, 0);
    return { buyers, of, share: of > 0 ? buyers / of : null };
  });
}

const numberOf = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const monthsBetween = (from: string, to: string): number => numberOf(to) - numberOf(from);

export function monthAfter(month: string, count: number): string {
  const number = numberOf(month) + count;
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}
