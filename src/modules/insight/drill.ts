import type { ClickHouseClient } from '@clickhouse/client';
import { ordersAskedAbout } from '#modules/satisfaction/index.ts';
import type { Db } from '#platform/db.ts';
import { conditionsOf, ledgerSql, paramsOf } from './compile.ts';
import { insightErrors } from './errors.ts';
import { type FactName, factOf, sumSql } from './facts.ts';
import type { Expression } from './declarations.ts';
import { expressionsOf, type MetricName, partsOf } from './metrics.ts';
import { assertAnswerable, type Question } from './questions.ts';

export type DrillQuestion = Pick<Question, 'from' | 'to' | 'currency' | 'filters' | 'dated'> & {
  metric: MetricName;
};

/** An order, a return or a cancellation, a question or a contact, with what it brings to the figure. */
export interface DrillRow {
  documentId: string;
  /** Empty of what is about no order. */
  orderId: string;
  businessDay: string;
  region: string;
  value: number;
  /** Of a ratio of one fact. */
  denominator?: number;
}

export interface DrillPage {
  rows: DrillRow[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
  sql: { fact: FactName; text: string; params: Record<string, unknown> };
}

/** What a document is in each ledger. */
const DOCUMENT = {
  sales: { id: 'document_id', order: 'order_id' },
  credits: { id: 'sale_id', order: 'sale_id' },
  // What left cost belongs to its order, whichever shipment it was in.
  goods_costs: { id: `if(kind = 'sent', order_id, document_id)`, order: 'order_id' },
  // The parts of an order, on the day that each was assigned.
  service: { id: 'order_id', order: 'order_id' },
  served_orders: { id: 'order_id', order: 'order_id' },
  serve_costs: {
    id: `if(kind IN ('return_work', 'return_label', 'refund_fee'), cause_id, order_id)`,
    order: 'order_id',
  },
  // What they are about is known to PostgreSQL alone: `withOrders`.
  opinions: { id: 'question_id', order: 'NULL' },
  contacts: { id: 'contact_id', order: 'NULL' },
} as const satisfies Partial<Record<FactName, object>>;
const isOfDocuments = (fact: FactName): fact is keyof typeof DOCUMENT => Object.hasOwn(DOCUMENT, fact);

/**
 * The very documents behind a figure, the latest first. The values of all pages add up to it; of a ratio, to its
 * numerator. What is taken off a figure is taken off the document that it belongs to.
 */
export async function drill(
  clickhouse: ClickHouseClient,
  question: DrillQuestion,
  {
    after,
    limit,
    today,
  }: {
    after?: string | undefined;
    limit: number;
    /** By UTC: promises that end before it are over. */ today: string;
  },
): Promise<DrillPage> {
  assertAnswerable({ ...question, metrics: [question.metric], by: [] });
  const [first, second] = expressionsOf(question.metric);
  const parts = partsOf(question.metric);
  if (!parts.every(({ fact }) => isOfDocuments(fact)))
    throw insightErrors.question_unfit({ reason: 'drill_is_of_documents' });
  const hasSecond = second !== undefined && second.fact === first.fact;
  const [afterDay = '', afterId = ''] = after?.split('_') ?? [];
  const own = documentsSql(first, question, [sumOf(first), ...(hasSecond ? [sumOf(second)] : [])]);
  const off = (first.less ?? []).map((each) =>
    documentsSql(each, question, [`-(${sumOf(each)})`, ...(hasSecond ? ['0'] : [])]),
  );
  const text = [
    'SELECT document, any(of_order) AS of_order, toString(document_day) AS day, any(place) AS place,',
    '  sumForEach(sums) AS sums',
    `FROM (\n${[own, ...off].join('\nUNION ALL\n')}\n)`,
    ...(after
      ? [
          'WHERE document_day < {after_day:Date32} OR document_day = {after_day:Date32} AND document > {after_id:String}',
        ]
      : []),
    'GROUP BY document, document_day',
    'HAVING arrayExists(sum -> sum != 0, sums)',
    'ORDER BY document_day DESC, document LIMIT {limit:UInt32}',
  ].join('\n');
  const params = {
    ...paramsOf(question, question),
    limit: limit + 1,
    ...(parts.some(({ fact }) => factOf(fact).isJudged) && { today }),
    ...(after && { after_day: afterDay, after_id: afterId }),
  };
  const found = await clickhouse.query({
    query: text,
    query_params: params,
    format: 'JSONEachRow',
    clickhouse_settings: {
      do_not_merge_across_partitions_select_final: 1,
      max_execution_time: EXECUTION_SECONDS_MAX,
    },
  });
  const all = await found.json<Found>();
  const rows = all.slice(0, limit).map(rowOf);
  const last = rows.at(-1);
  const hasMore = all.length > limit && last !== undefined;
  return {
    rows,
    ...(hasMore && { next: `${last.businessDay}_${last.documentId}` }),
    sql: { fact: first.fact, text, params },
  };
}

/** True of figures whose documents are what one person said or came for. */
export const isOfPersons = (metric: MetricName): boolean =>
  partsOf(metric).some(({ fact }) => fact === 'opinions' || fact === 'contacts');

/** With the orders that questions and contacts are about, where they are about one. */
export async function withOrders(db: Db, page: DrillPage): Promise<DrillPage> {
  const { fact } = page.sql;
  if (fact !== 'opinions' && fact !== 'contacts') return page;
  const orders = await ordersAskedAbout(
    db,
    page.rows.map(({ documentId }) => documentId),
  );
  return {
    ...page,
    rows: page.rows.map((row) => ({ ...row, orderId: orders.get(row.documentId) ?? '' })),
  };
}

/** The documents of one ledger, each day of theirs by itself. */
function documentsSql({ fact }: Expression, question: DrillQuestion, sums: readonly string[]): string {
  if (!isOfDocuments(fact)) throw insightErrors.question_unfit({ reason: 'drill_is_of_documents' });
  const { id, order } = DOCUMENT[fact];
  return [
    `SELECT toString(${id}) AS document, ifNull(toString(any(${order})), '') AS of_order, business_day AS document_day,`,
    `  any(region) AS place, [${sums.join(', ')}] AS sums`,
    `FROM ${ledgerSql(factOf(fact), question)}`,
    `WHERE ${conditionsOf(fact, question).join('\n  AND ')}`,
    `GROUP BY ${id}, business_day`,
  ].join('\n');
}

const EXECUTION_SECONDS_MAX = 30;

interface Found {
  document: string;
  of_order: string;
  day: string;
  place: string;
  sums: (number | string)[];
}

function sumOf({ fact, plus, minus }: Expression): string {
  const sql = (name: string) => sumSql(factOf(fact), name, 'ledger');
  return [plus.map(sql).join(' + '), ...minus.map(sql)].join(' - ');
}

function rowOf({ document, of_order: orderId, day, place, sums }: Found): DrillRow {
  const [value = 0, denominator] = sums.map(Number);
  return {
    documentId: document,
    orderId,
    businessDay: day,
    region: place,
    value,
    ...(denominator !== undefined && { denominator }),
  };
}
