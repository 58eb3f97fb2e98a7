import { type Static, Type } from 'typebox';
import { Currency, exactly, Id } from '#platform/schema.ts';

const AMOUNT_MAX = 10 ** 12;
const Amount = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
const Positive = Type.Integer({ minimum: 1, maximum: AMOUNT_MAX });
const BasisPoints = Type.Integer({ minimum: 1, maximum: 10_000, description: 'hundredths of a percent' });
const Count = Type.Integer({ minimum: 1, maximum: 99 });
const Ids = Type.Array(Id, { maxItems: 500, uniqueItems: true, default: [] });
const orNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) =>
  Type.Union([schema, Type.Null()], { default: null });

/** A country, an area below one at any depth, or what no country's code names. */
const PLACE = '^([A-Z]{2}(-[a-z0-9]+)*|x-[a-z0-9-]{2,58})$';

export const PlaceCode = Type.String({ pattern: PLACE, maxLength: 60, description: 'of a region' });

export const isPlaceCode = (text: string): boolean => text.length <= 60 && new RegExp(PLACE).test(text);
export const PromotionCode = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9-]{1,39}$',
  description: 'in capitals or not',
});

export const Effect = Type.Union([
  exactly({ kind: Type.Literal('percent_off'), basisPoints: BasisPoints }),
  exactly({
    kind: Type.Literal('amount_off'),
    amountMinor: Positive,
    per: Type.Enum(['order', 'unit'], { description: 'once, or for each unit of what it is for' }),
  }),
  exactly({
    kind: Type.Literal('buy_get'),
    buy: Count,
    get: Type.Integer({
      minimum: 1,
      maximum: 99,
      description: 'of the cheapest units, for each so many bought',
    }),
    basisPoints: BasisPoints,
  }),
  exactly({ kind: Type.Literal('free_shipping') }),
]);
export type Effect = Static<typeof Effect>;

/** A promotion as the merchant writes it. */
export const PromotionTerms = exactly({
  name: Type.String({ minLength: 1, maxLength: 120, pattern: String.raw`^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$` }),
  code: orNull(PromotionCode),
  effect: Effect,
  currency: orNull(Currency),
  minGoodsMinor: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX, default: 0 }),
  productIds: Ids,
  categoryIds: Ids,
  brandIds: Ids,
  regionCodes: Type.Array(PlaceCode, { maxItems: 250, uniqueItems: true, default: [] }),
  combination: orNull(
    Type.String({
      pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
      maxLength: 40,
      description: 'it combines with others that name the same; null: with none',
    }),
  ),
  priority: Type.Integer({ minimum: -1000, maximum: 1000, default: 0, description: 'the higher goes first' }),
  validFrom: Type.String({ format: 'date-time' }),
  validTo: orNull(Type.String({ format: 'date-time' })),
  usesMax: orNull(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
  budgetMinor: orNull(Positive),
  usesPerMember: orNull(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'then guests may not use it' }),
  ),
});
export type PromotionTerms = Static<typeof PromotionTerms>;

export const Promotion = Type.Object({
  ...PromotionTerms.properties,
  id: Id,
  uses: Type.Integer({ description: 'counted where there is a limit' }),
  spentMinor: Amount,
});

export interface Promotion extends PromotionTerms {
  id: string;
  uses: number;
  spentMinor: number;
}
