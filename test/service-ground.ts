import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { noteComplaints } from '#modules/fulfilment/complaints.ts';
import { takeStep } from '#modules/fulfilment/index.ts';
import { answer } from '#modules/insight/answers.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { freshness, serviceFreshness, stockFreshness } from '#modules/insight/freshness.ts';
import type { MetricName } from '#modules/insight/metrics.ts';
import { businessDayAt, shiftDay } from '#modules/insight/periods.ts';
import type { Question } from '#modules/insight/questions.ts';
import { SERVICE_METRICS } from '#modules/insight/service-metrics.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';

const { signal: never } = new AbortController();
export const MARKETPLACE = { currency: 'EUR', timeZone: 'Europe/Amsterdam' };
export const METRICS = Object.keys(SERVICE_METRICS) as MetricName[];
export const OF_PARTS = METRICS.filter((name) => !name.includes('order'));
export const TODAY = businessDayAt(new Date(), MARKETPLACE.timeZone);
export const PERIOD = { from: shiftDay(TODAY, -8), to: shiftDay(TODAY, 2) };

export const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    // A transaction of another test's database holds everybody's entries back until it ends.
    do await catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never);
    while (
      (await serviceFreshness(db)).behind ||
      (await stockFreshness(db)).behind ||
      (await freshness(db)).behind
    );
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (at: Date, question: Partial<Question> = {}) =>
        answer(
          clickhouse,
          { ...PERIOD, by: [], metrics: METRICS, currency: MARKETPLACE.currency, ...question },
          { now: at, timeZone: MARKETPLACE.timeZone },
        ),
  );

export type Figures = Awaited<ReturnType<typeof answer>>['total']['figures'];
/** A ratio as its two sums. */
export const sumsOf = (figures: Figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, { numerator, denominator }]) => [
      name,
      `${numerator} of ${denominator}`,
    ]),
  );

export type To = Parameters<typeof takeStep>[1]['to'];
export const stepped = (db: Db, fulfilmentOrderId: string, to: To, at: Date) =>
  inTransaction(db, (tx) => takeStep(tx, { id: randomUUID(), fulfilmentOrderId, to }, at));

export const noonAfter = (day: string, days: number) => new Date(`${shiftDay(day, days)}T12:00:00Z`);
/** Nobody else's: the regions and locations of a test are its own. */
export const inRegion = (db: Db, orderId: string, region: string) =>
  sql`update fulfilment.fulfilment_order set region_code = ${region} where order_id = ${orderId}`.execute(db);

export async function givenBack(db: Db, orderId: string, reason: string): Promise<void> {
  const returnId = randomUUID();
  await sql`
    insert into orders.return (id, number, order_id, touchpoint, currency, region_code, returned_at, business_day, total_minor)
    values (${returnId}, ${returnId}, ${orderId}, 'web', 'EUR', 'NL', now(), now()::date, 0)`.execute(db);
  await sql`
    insert into orders.return_line (id, return_id, position, order_line_id, kind, variant_id, title, quantity,
      amount_minor, reason)
    select gen_random_uuid(), ${returnId}, 1, id, 'goods', variant_id, 'x', 1, 0, ${reason}
    from orders.order_line where order_id = ${orderId} and variant_id is not null`.execute(db);
  const told = {
    returnId,
    orderId,
    number: returnId,
    customerId: null,
    touchpoint: 'web',
    regionCode: 'NL',
    currency: 'EUR',
    businessDay: TODAY,
    occurredAt: new Date().toISOString(),
    source: 'stoa',
    lines: [],
  };
  for (let times = 0; times < 2; times++) await inTransaction(db, (tx) => noteComplaints(tx, told));
}
