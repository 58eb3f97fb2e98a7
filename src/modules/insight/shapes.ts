import { Type } from 'typebox';
import { Currency } from '#platform/schema.ts';
import { DIMENSION_NAMES } from './facts.ts';
import { UNITS } from './declarations.ts';
import { METRIC_NAMES, SALE_METRIC_NAMES } from './metrics.ts';

/** Shapes of what is asked and answered over HTTP. */
export const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>({ type: 'string', enum: [...names] });
export const MetricName = oneOf(METRIC_NAMES);
export const SaleMetricName = oneOf(SALE_METRIC_NAMES);
export const DimensionName = oneOf(DIMENSION_NAMES);
export const Day = Type.String({
  format: 'date',
  description: 'A business day, in the retailer’s time zone',
});
export const Period = Type.Object({ from: Day, to: Day });
export const Code = Type.String({ minLength: 1, maxLength: 60 });
export const AsOf = Type.String({
  format: 'date-time',
  description: 'All that was committed before is in the figures',
});

export const Definition = Type.Object({
  name: MetricName,
  title: Type.String(),
  definition: Type.String(),
  formula: Type.String(),
  unit: oneOf(UNITS),
  kind: oneOf(['additive', 'semi_additive', 'ratio']),
  grain: Type.String(),
  owner: Type.String(),
  freshness: Type.String(),
  dimensions: Type.Array(DimensionName),
});

const Figure = Type.Object({
  value: Type.Union([Type.Number(), Type.Null()], {
    description: 'Money is in minor units. Null: the day has not begun, or a ratio over nothing.',
  }),
  numerator: Type.Optional(Type.Integer()),
  denominator: Type.Optional(Type.Integer()),
  standardError: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], {
      description: 'Of a mean of answers, in the unit of its value. Null over nothing.',
    }),
  ),
});
export const Figures = Type.Record(Type.String(), Figure, { description: 'By the metric’s name' });

const Row = Type.Object({ key: Type.String(), figures: Figures, before: Type.Optional(Figures) });
export const Answer = Type.Object({
  currency: Currency,
  period: Period,
  periodBefore: Type.Optional(Period),
  today: Type.Optional(Day),
  asOf: AsOf,
  rows: Type.Array(Row),
  total: Row,
});
