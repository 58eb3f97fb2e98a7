import { Type } from 'typebox';
import { Currency, Id } from '#platform/schema.ts';
import { CarrierFacts, KeepFacts, MoveFacts, RepriceFacts, RuleFacts, SafetyFacts } from './adjustments.ts';
import { BESIDE, EFFECT_METRICS, EFFECT_STATES, Weights } from './effects.ts';
import { EFFECT_WAYS, type EffectWay } from './synthetic.ts';
import { WATCHED } from './markets.ts';

/** Shapes of what is asked and answered over HTTP. */
export const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>({ type: 'string', enum: [...names] });
const Day = Type.String({ format: 'date', description: 'A business day, in the retailer’s time zone' });
const Moment = Type.String({ format: 'date-time' });
const OrNull = <Of extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.String>>(of: Of) =>
  Type.Union([of, Type.Null()]);
export const Metric = oneOf(WATCHED);
export const RegionCode = Type.String({
  maxLength: 60,
  description: 'A country’s code; empty: all regions together',
});
export const FINDING_STATES = ['open', 'over', 'withdrawn'] as const;
export const ADJUSTMENT_STATES = ['open', 'accepted', 'declined', 'lapsed'] as const;

export const Finding = Type.Object({
  id: Id,
  metric: Metric,
  region: RegionCode,
  currency: Currency,
  direction: oneOf(['up', 'down']),
  state: Type.Unsafe<(typeof FINDING_STATES)[number]>({
    type: 'string',
    enum: [...FINDING_STATES],
    description: 'withdrawn: figures that came late say that nothing was the matter',
  }),
  fromDay: Day,
  lastDay: Day,
  openedAt: Moment,
  changedAt: Moment,
  days: Type.Array(
    Type.Object({
      day: Day,
      span: Type.Integer({ description: 'So many days up to it were judged together' }),
      observed: Type.Number({ description: 'Money is in minor units' }),
      expected: Type.Number(),
      low: Type.Number({ description: 'Three robust deviations below what is expected' }),
      high: Type.Number(),
      chance: Type.Number({ description: 'How likely something as far off is where nothing happened' }),
    }),
  ),
});

const Period = Type.Object({ from: Day, to: Day });
const Driver = { before: Type.Number(), now: Type.Number(), change: Type.Number() };
const SplitName = oneOf(['region', 'area', 'customer', 'category', 'brand', 'product', 'store']);
export const Explanation = Type.Object({
  period: Period,
  before: Period,
  value: Type.Object({ before: OrNull(Type.Number()), now: OrNull(Type.Number()) }),
  parts: Type.Array(
    Type.Object({
      name: oneOf(['volume', 'mix', 'rate', 'returns', 'cancellations']),
      change: Type.Number(),
    }),
    { description: 'They add up to the change' },
  ),
  partsBy: Type.Optional(SplitName),
  splits: Type.Array(
    Type.Object({
      by: SplitName,
      drivers: Type.Array(Type.Object({ key: Type.String(), ...Driver })),
      rest: Type.Object({ count: Type.Integer(), ...Driver }),
    }),
  ),
});

export const HistoryDays = Type.Array(
  Type.Object({
    day: Day,
    value: OrNull(Type.Number()),
    expected: Type.Optional(Type.Number()),
    low: Type.Optional(Type.Number()),
    high: Type.Optional(Type.Number()),
  }),
);

const effectTold = {
  metric: oneOf(EFFECT_METRICS),
  fromDay: Day,
  toDay: Type.String({
    format: 'date',
    description: 'The last day looked at; before fromDay while there is none',
  }),
  knownTo: Type.String({ format: 'date', description: 'The last day whose figures were known' }),
  beside: oneOf(BESIDE),
  markets: Type.Integer({
    description: 'So many markets, goods of its market, or carriers by country it is compared with',
  }),
  isFinal: Type.Boolean({ description: 'False: it is measured again each night' }),
};
/** What an adjustment brought. */
export const Effect = Type.Union([
  Type.Object({
    state: Type.Literal('measured'),
    ...effectTold,
    way: Type.Unsafe<EffectWay>({
      type: 'string',
      enum: [...EFFECT_WAYS],
      description:
        'Beside markets or goods weighed to resemble it, beside those that went without the same, or beside others as their shares of late ones went',
    }),
    observed: Type.Number(),
    expected: Type.Number({ description: 'What those it is compared with let expect' }),
    hoped: Type.Number({ description: 'What was expected of the adjustment in as many days' }),
    chance: Type.Number({
      description:
        'Share of all markets, this one among them, that stand off as far; of late ones how likely as much is by chance',
    }),
    between: Type.Optional(
      Type.Object(
        { low: Type.Number(), high: Type.Number() },
        { description: 'In four of five cases what was to be expected lies between' },
      ),
    ),
    weights: Weights,
  }),
  Type.Object({
    state: oneOf(EFFECT_STATES.filter((state) => state !== 'measured')),
    ...effectTold,
  }),
]);

export const Verdict = oneOf(['accepted', 'declined']);
const told = {
  id: Id,
  subject: Type.String(),
  region: RegionCode,
  state: oneOf(ADJUSTMENT_STATES),
  expectedUnits: Type.Integer(),
  expectedMinor: Type.Union([Type.Integer(), Type.Null()]),
  currency: Currency,
  proposedAt: Moment,
  changedAt: Moment,
  decision: Type.Union([
    Type.Object({ verdict: Verdict, reason: Type.String(), actor: Type.String(), decidedAt: Moment }),
    Type.Null(),
  ]),
  effect: Type.Union([Effect, Type.Null()], {
    description: 'As it was measured last; null until an accepted one was',
  }),
};
export const Adjustment = Type.Union([
  Type.Object({ kind: Type.Literal('move_stock'), facts: MoveFacts, ...told }),
  Type.Object({ kind: Type.Literal('keep_back'), facts: KeepFacts, ...told }),
  Type.Object({ kind: Type.Literal('contact_carrier'), facts: CarrierFacts, ...told }),
  Type.Object({ kind: Type.Literal('change_rules'), facts: RuleFacts, ...told }),
  Type.Object({ kind: Type.Literal('reprice'), facts: RepriceFacts, ...told }),
  Type.Object({ kind: Type.Literal('raise_safety'), facts: SafetyFacts, ...told }),
]);

export const PriceLook = Type.Object({
  day: Day,
  currency: Currency,
  looked: Type.Integer({ description: 'Prices whose sales or stock left their own past' }),
  proposed: Type.Integer(),
  unsure: Type.Integer({ description: 'Too little is known of how buyers answer to the price' }),
  uncosted: Type.Integer({ description: 'Nobody knows what a piece costs' }),
  noBetter: Type.Integer({ description: 'No other price is expected to bring more' }),
});

export const RuleFields = {
  metric: Type.Union([Metric, Type.Null()], { description: 'Null: any' }),
  region: Type.Union([RegionCode, Type.Null()], { description: 'Null: any; empty: all regions together' }),
  ownerId: Id,
  mutedUntil: Type.Union([Moment, Type.Null()]),
};
export const Rule = Type.Object({
  id: Id,
  ...RuleFields,
  metric: Type.Union([Type.String(), Type.Null()]),
  changedAt: Moment,
});
