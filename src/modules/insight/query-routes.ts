import { Type } from 'typebox';
import { REMARK_READERS } from '#modules/satisfaction/index.ts';
import { mayEnter } from '#platform/access.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { answerAgainst } from './against.ts';
import { drill, isOfPersons, withOrders } from './drill.ts';
import { insightErrors } from './errors.ts';
import type { FactName } from './facts.ts';
import {
  creditsFreshness,
  freshness,
  goodsCostsFreshness,
  serveCostsFreshness,
  spendFreshness,
  contactsFreshness,
  opinionsFreshness,
  serviceFreshness,
  stockFreshness,
} from './freshness.ts';
import { definitionOf } from './metrics.ts';
import { measuresOf } from './questions.ts';
import { AsOf, Code, Day, Definition, DimensionName, Figures, MetricName, oneOf, Period } from './shapes.ts';

const ACCESS = ['staff', 'scope:insight:read'] as const;
const METRICS_MAX = 40;
const VALUES_MAX = 50;
const ROLLING_MAX = 366;
const TOP_MAX = 1_000;
const PAGE_MAX = 200;
const PAGE_USUAL = 50;

const Values = Type.Optional(Type.Array(Code, { minItems: 1, maxItems: VALUES_MAX }));
export const Filters = exactly({
  region: Values,
  touchpoint: Values,
  source: Values,
  customer: Type.Optional(Type.Array(oneOf(['new', 'returning', 'unknown']), { minItems: 1, maxItems: 3 })),
  product: Values,
  variant: Values,
  store: Values,
  location: Values,
  occasion: Values,
});
const Dated = oneOf(['own', 'order']);
const Sql = Type.Object({
  fact: Type.String(),
  text: Type.String(),
  params: Type.Record(Type.String(), Type.Unknown()),
});

/** Any other days: they count whole, the first under the first. */
export const Days = exactly({ from: Day, to: Day });

const Question = exactly({
  metrics: Type.Array(MetricName, { minItems: 1, maxItems: METRICS_MAX, uniqueItems: true }),
  by: Type.Optional(Type.Array(DimensionName, { maxItems: 4, uniqueItems: true })),
  from: Day,
  to: Day,
  currency: Currency,
  filters: Type.Optional(Filters),
  compare: Type.Optional(oneOf(['previous', 'year'])),
  against: Type.Optional(Days),
  rolling: Type.Optional(
    Type.Integer({ minimum: 2, maximum: ROLLING_MAX, description: 'Each day’s figures are of so many days' }),
  ),
  top: Type.Optional(
    exactly({ count: Type.Integer({ minimum: 1, maximum: TOP_MAX }), metric: Type.Optional(MetricName) }),
  ),
  dated: Type.Optional(Dated),
});

const Row = Type.Object({
  keys: Type.Record(Type.String(), Type.String(), { description: 'By the dimension’s name' }),
  isRest: Type.Optional(Type.Literal(true)),
  figures: Figures,
  before: Type.Optional(Figures),
});

const Answer = Type.Object({
  currency: Currency,
  period: Period,
  periodBefore: Type.Optional(Period),
  today: Type.Optional(Day),
  asOf: AsOf,
  isBehind: Type.Boolean(),
  rows: Type.Array(Row),
  total: Type.Object({ figures: Figures, before: Type.Optional(Figures) }),
  definitions: Type.Array(Definition),
  sql: Type.Array(Sql),
});

const DrillQuestion = exactly({
  metric: MetricName,
  from: Day,
  to: Day,
  currency: Currency,
  filters: Type.Optional(Filters),
  dated: Type.Optional(Dated),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX })),
  after: Type.Optional(
    Type.String({
      pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])_[0-9a-f-]{36}$',
      description: 'The `next` of the page before',
    }),
  ),
});

const DrillAnswer = Type.Object({
  asOf: AsOf,
  definition: Definition,
  rows: Type.Array(
    Type.Object({
      documentId: Type.String(),
      orderId: Type.String({ description: 'Empty of what is about no order' }),
      businessDay: Day,
      region: Type.String(),
      value: Type.Integer(),
      denominator: Type.Optional(Type.Integer()),
    }),
  ),
  next: Type.Optional(Type.String()),
  sql: Sql,
});

const REFUSALS = [
  insightErrors.period_unfit,
  insightErrors.dimension_unfit,
  insightErrors.question_unfit,
] as const;

/** Questions about any metrics, and the documents behind a figure. */
export const queryRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, clickhouse, config, now } = deps;

  app.post(
    '/query',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'queryMetrics',
        body: Question,
        response: { 200: Answer, ...problems(...REFUSALS, insightErrors.answer_too_large) },
      },
    },
    async ({ body: { by = [], against, ...question } }) => {
      const facts = new Set(measuresOf(question.metrics).map(({ fact }) => fact));
      // Read first: the figures are then at least as current as it says.
      const { asOf, behind } = await freshnessOf(facts);
      const clock = { now: now(), timeZone: config.timeZone };
      const found = await answerAgainst(clickhouse, { ...question, by }, against, clock);
      const definitions = question.metrics.map(definitionOf);
      return { ...found, asOf: asOf.toISOString(), isBehind: behind, definitions };
    },
  );

  app.post(
    '/drill',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'drillIntoMetric',
        description:
          'The documents behind a figure: of satisfaction and contacts those that one person gave, for staff who read what people say.',
        body: DrillQuestion,
        response: { 200: DrillAnswer, ...problems(...REFUSALS) },
      },
    },
    async ({ viewer, body: { after, limit = PAGE_USUAL, ...question } }) => {
      if (isOfPersons(question.metric) && !mayEnter(viewer, REMARK_READERS))
        throw insightErrors.question_unfit({ reason: 'drill_is_of_persons' });
      const facts = new Set(measuresOf([question.metric]).map(({ fact }) => fact));
      const { asOf } = await freshnessOf(facts);
      const page = await drill(clickhouse, question, {
        after,
        limit,
        today: now().toISOString().slice(0, 10),
      });
      const found = await withOrders(db, page);
      return { ...found, asOf: asOf.toISOString(), definition: definitionOf(question.metric) };
    },
  );

  /** As current as the least current of the facts. */
  async function freshnessOf(facts: ReadonlySet<FactName>): Promise<{ asOf: Date; behind: boolean }> {
    const each = await Promise.all([
      ...(facts.has('sales') ? [freshness(db)] : []),
      ...(facts.has('credits') ? [creditsFreshness(db)] : []),
      ...(facts.has('stock') || facts.has('market_stock') || facts.has('availability')
        ? [stockFreshness(db)]
        : []),
      ...(facts.has('service') || facts.has('served_orders') || facts.has('market_stock')
        ? [serviceFreshness(db)]
        : []),
      ...(facts.has('opinions') ? [opinionsFreshness(db)] : []),
      ...(facts.has('goods_costs') ? [goodsCostsFreshness(db)] : []),
      ...(facts.has('spending') ? [spendFreshness(db)] : []),
      ...(facts.has('serve_costs') ? [serveCostsFreshness(db)] : []),
      ...(facts.has('contacts') ? [contactsFreshness(db)] : []),
    ]);
    const asOf = new Date(Math.min(...each.map((found) => found.asOf.getTime())));
    return { asOf, behind: each.some(({ behind }) => behind) };
  }
};
