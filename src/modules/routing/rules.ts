import { type Static, Type } from 'typebox';
import { exactly } from '#platform/schema.ts';

const Weight = Type.Integer({ minimum: 0, maximum: 100 });
const Codes = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  minItems: 1,
  maxItems: 500,
  uniqueItems: true,
});

/** One condition that a location must meet to be asked. All filters of a rule set must be met. */
const Filter = Type.Union([
  exactly({ keep: Type.Literal('groups'), groups: Codes }),
  exactly({
    keep: Type.Literal('kinds'),
    kinds: Type.Array(Type.Enum(['store', 'warehouse', 'supplier']), {
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
    }),
  }),
  exactly({ keep: Type.Literal('locations'), codes: Codes }),
  exactly({ keep: Type.Literal('not_locations'), codes: Codes }),
  /** A location whose distance is not known is not within any. */
  exactly({ keep: Type.Literal('within_km'), km: Type.Integer({ minimum: 1, maximum: 20_100 }) }),
  exactly({ keep: Type.Literal('with_capacity_today') }),
  exactly({ keep: Type.Literal('leaving_within_days'), days: Type.Integer({ minimum: 0, maximum: 60 }) }),
  exactly({
    keep: Type.Literal('costing_at_most'),
    minor: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  }),
  /** Units of each line that stay at the location, on top of its safety stock. */
  exactly({ keep: Type.Literal('leaving_units'), units: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }),
]);

/** Where a rule set does not say. */
export const ACCEPT_HOURS = 24;
export const COLLECT_DAYS = 7;

/** How orders find the location that fulfils them: data, edited on the desk. */
export const RuleSet = exactly({
  filters: Type.Array(Filter, { maxItems: 20 }),
  /** What the best location is: each criterion from the best (0) to the worst (1) of those asked, weighted. */
  weights: exactly({ promise: Weight, cost: Weight, distance: Weight, load: Weight }),
  /** Whether an order, or even a line of it, may come from several locations. */
  split: Type.Enum(['never', 'between_lines', 'within_line']),
  locationsMax: Type.Integer({ minimum: 1, maximum: 10 }),
  /** What a parcel costs to carry, beside what the location says that picking and packing cost. */
  parcel: exactly({
    baseMinor: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    perKmMinor: Type.Number({ minimum: 0, maximum: 1_000 }),
  }),
  /** Hours until a location must have accepted what it was assigned; then another is asked. */
  acceptWithinHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720, default: ACCEPT_HOURS })),
  /** How far from a store a buyer may be who gets it today. Left out: nobody does. */
  sameDayKm: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  /** Days for which a store keeps what is to be collected. */
  collectWithinDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: COLLECT_DAYS })),
});
export type RuleSet = Static<typeof RuleSet>;
export type Filter = Static<typeof Filter>;

/**
 * Soon, near and cheap, from as few places as can be. Without a filter by capacity: a location that is full today
 * ships tomorrow, which its promise says and its weight minds; a filter would turn the sale away.
 */
export const DEFAULT_RULES: RuleSet = {
  filters: [],
  weights: { promise: 50, cost: 25, distance: 15, load: 10 },
  split: 'within_line',
  locationsMax: 4,
  parcel: { baseMinor: 450, perKmMinor: 0.2 },
};
