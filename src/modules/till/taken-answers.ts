import { Type } from 'typebox';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { RETURN_REASONS } from '../orders/index.ts';
import { Amount, ByCard, InCash, Minor, Moment, OrNull, Quantity } from './answers.ts';
import { FOUND } from './take-back.ts';

const UNITS_MAX = 100_000; // as an order's line may have
const Brought = {
  lineId: { ...Id, description: 'a line of the order' },
  quantity: Type.Integer({ minimum: 1, maximum: UNITS_MAX }),
  found: Type.Enum([...FOUND], { description: 'sold again, damaged, or taken home again by the buyer' }),
};

export const TakeBackWish = exactly({
  registerId: Id,
  orderId: Id,
  refundTo: Type.Enum(['original', 'store_credit'], { default: 'original' }),
  lines: Type.Array(exactly({ ...Brought, reason: Type.Enum([...RETURN_REASONS]) }), {
    minItems: 1,
    maxItems: 100,
  }),
});

export const TakeInWish = exactly({
  registerId: Id,
  lines: Type.Array(exactly(Brought), { minItems: 1, maxItems: 100 }),
});

const ExchangeOffer = {
  registerId: Id,
  orderId: { ...Id, description: 'of the goods that are brought' },
  lines: Type.Array(
    exactly({
      ...Brought,
      found: Type.Enum(['restock', 'damage'], { description: 'what is taken home again is not exchanged' }),
      reason: Type.Enum([...RETURN_REASONS]),
    }),
    { minItems: 1, maxItems: 100 },
  ),
  wanted: Type.Array(exactly({ variantId: Id, quantity: Quantity }), {
    minItems: 1,
    maxItems: 100,
    description:
      'carried away from this store’s shelf; another option of the same product costs what was paid',
  }),
};
export const ExchangeOfferAtTill = exactly(ExchangeOffer);

export const ExchangeAtTill = exactly({
  ...ExchangeOffer,
  refundTo: Type.Enum(['original', 'store_credit'], {
    default: 'original',
    description: 'where goes what the goods are worth beyond what is wanted',
  }),
  toPayMinor: { ...Amount, description: 'what the buyer was told is to be paid beside the goods' },
  payments: Type.Array(Type.Union([InCash, ByCard]), {
    maxItems: 10,
    description: 'they come to what is to be paid; empty where nothing is',
  }),
});

export const ExchangeQuoteAtTill = Type.Object({
  currency: Currency,
  worthMinor: Type.Integer({ description: 'of the goods that come back' }),
  totalMinor: Type.Integer({ description: 'of what is wanted' }),
  toPayMinor: Minor,
  backMinor: Minor,
});

export const ExchangedAtTill = Type.Object({
  returnId: Id,
  orderId: { ...Id, description: 'of what was carried away' },
  number: Type.String(),
  currency: Currency,
  paidMinor: Minor,
  changeMinor: Minor,
  cashBackMinor: Type.Integer({ description: 'what was to be given out of the register’s drawer' }),
  exchangedAt: Moment,
  receiptCode: Type.String(),
});

export const TakenIn = Type.Object({
  returnId: Id,
  orderId: Id,
  state: Type.String(),
  currency: Currency,
  refundMinor: OrNull(Type.Integer({ description: 'what goes back for it, whichever way' })),
  cashMinor: Type.Integer({ description: 'what of it was to be given out of the register’s drawer' }),
  lines: Type.Array(
    Type.Object({
      lineId: Id,
      quantity: Type.Integer(),
      restocked: Type.Integer(),
      damaged: Type.Integer(),
      refused: Type.Integer(),
    }),
  ),
});
