import { Type } from 'typebox';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { PromotionCode } from '../pricing/index.ts';

const AMOUNT_MAX = 1_000_000_000;
const Minor = Type.Integer();
const Moment = Type.String({ format: 'date-time' });
const OrNull = <Of extends Parameters<typeof Type.Union>[0][number]>(of: Of) => Type.Union([of, Type.Null()]);
const Words = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: String.raw`^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$` });

export const Amount = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
export const Paid = Type.Integer({ minimum: 1, maximum: AMOUNT_MAX });
export const Reason = Words(200);
const Quantity = Type.Integer({ minimum: 1, maximum: 99 });
const Codes = Type.Array(PromotionCode, { maxItems: 10, uniqueItems: true });
const Email = Type.String({ format: 'email', maxLength: 254 });
/** By the code that a member shows, or by their address. */
const Customer = Type.Union([
  exactly({ email: Email }),
  exactly({ code: Type.String({ minLength: 1, maxLength: 40 }) }),
]);
const CountryCode = Type.String({ pattern: '^[A-Z]{2}$' });
export const ScannedCode = Type.String({ minLength: 1, maxLength: 200 });

export const Register = Type.Object({
  id: Id,
  name: Type.String(),
  locationId: Id,
  currency: Currency,
  active: Type.Boolean({ description: 'one that is not in use sells nothing' }),
});

export const RegisterWish = exactly({
  name: Words(80),
  locationId: Id,
  currency: Currency,
  active: Type.Optional(Type.Boolean({ default: true })),
});

/** Of a count: how many pieces of each worth. */
export const Counts = Type.Record(
  Type.String({ pattern: '^[1-9][0-9]{0,7}$' }),
  Type.Integer({ minimum: 0, maximum: 10_000 }),
  { maxProperties: 40, description: 'what a piece is worth in minor units: how many of them' },
);
const CountsTold = OrNull(Type.Record(Type.String(), Type.Integer()));

export const Shift = Type.Object({
  id: Id,
  registerId: Id,
  openedBy: Id,
  openedAt: Moment,
  floatMinor: Minor,
  floatCounts: CountsTold,
  closedBy: OrNull(Id),
  closedAt: OrNull(Moment),
  expectedMinor: Type.Integer({ description: 'what must be in the drawer, by its ledger' }),
  countedMinor: OrNull(Minor),
  counts: CountsTold,
  differenceMinor: OrNull(Type.Integer({ description: 'counted less expected' })),
});

export const DrawerEntry = Type.Object({
  id: Id,
  kind: Type.Enum(['float', 'sale', 'refund', 'paid_in', 'paid_out', 'count']),
  amountMinor: Minor,
  reason: Type.String(),
  orderId: OrNull(Id),
  actorId: OrNull(Id),
  enteredAt: Moment,
});

const Line = exactly({ variantId: Id, quantity: Quantity });
const Agreed = exactly({ unitPriceMinor: Amount, discountMinor: Amount });
const SoldLine = Type.Union([
  exactly({ variantId: Id, quantity: Quantity, agreed: Type.Optional(Agreed) }),
  exactly({ code: ScannedCode, quantity: Quantity, agreed: Type.Optional(Agreed) }),
]);

const Contact = { email: Email, name: Words(100), phone: Type.Optional(Words(40)) };
const Address = exactly({
  ...Contact,
  street: Words(200),
  postcode: Words(20),
  city: Words(100),
  countryCode: CountryCode,
});
const DeliveryCode = Type.String({ maxLength: 40 });
const Delivery = Type.Union([
  exactly({ kind: Type.Literal('counter') }),
  exactly({
    kind: Type.Literal('pickup'),
    deliveryCode: DeliveryCode,
    locationId: Id,
    contact: exactly(Contact),
  }),
  exactly({ kind: Type.Literal('ship'), deliveryCode: DeliveryCode, address: Address }),
]);

const InCash = exactly({ kind: Type.Literal('cash'), amountMinor: Paid, tenderedMinor: Paid });
const ByCard = exactly({ kind: Type.Literal('card'), amountMinor: Paid, reference: Words(100) });
const Payment = Type.Union([
  InCash,
  ByCard,
  exactly({
    kind: Type.Literal('gift_card'),
    amountMinor: Paid,
    code: Type.String({ minLength: 1, maxLength: 60 }),
  }),
  exactly({ kind: Type.Literal('store_credit'), amountMinor: Paid }),
]);

export const Sale = exactly({
  registerId: Id,
  soldAt: Type.Optional({ ...Moment, description: 'of a sale made while the connection was lost' }),
  associateId: Type.Optional({ ...Id, description: 'who made that sale, where it was not who tells it' }),
  customer: Type.Optional(Customer),
  receiptEmail: Type.Optional({
    ...Email,
    description: 'where the receipt goes, if its buyer wants it by mail',
  }),
  postcode: Type.Optional(Words(20)),
  lines: Type.Array(SoldLine, { minItems: 1, maxItems: 100 }),
  codes: Type.Optional(Codes),
  granted: Type.Optional(
    Type.Array(exactly({ promotionId: Id, amountMinor: Paid }), {
      maxItems: 20,
      description: 'of a sale made while the connection was lost: by which promotions it was lower',
    }),
  ),
  delivery: Delivery,
  totalMinor: { ...Amount, description: 'what was shown' },
  payments: Type.Array(Payment, { maxItems: 10 }),
});

export const EnteredSale = Type.Object({
  saleId: Id,
  number: Type.String(),
  totalMinor: Minor,
  currency: Currency,
  changeMinor: Minor,
  soldAt: Moment,
  conflicts: Type.Array(
    Type.Object({ variantId: Id, locationId: Id, wanted: Type.Integer(), available: Type.Integer() }),
    { description: 'sold though it was promised to others, or not there by the books' },
  ),
});

/** A sale with what its receipt carries. */
export const SoldAnswer = Type.Intersect([
  EnteredSale,
  Type.Object({
    receiptCode: Type.String({
      description: 'of who holds the receipt: they may review what they bought at /review/<code>',
    }),
  }),
]);

export const QuoteWish = exactly({
  registerId: Id,
  lines: Type.Array(Line, { minItems: 1, maxItems: 100 }),
  codes: Type.Optional(Codes),
  customer: Type.Optional(Customer),
  delivery: Type.Optional(
    exactly({
      deliveryCode: DeliveryCode,
      countryCode: Type.Optional(CountryCode),
      postcode: Type.Optional({
        ...Type.String({ maxLength: 20 }),
        description: 'where it is sent, with its country: promotions may hold in a part of one',
      }),
      locationId: Type.Optional({ ...Id, description: 'where it is collected' }),
    }),
  ),
});

export const WaysWish = exactly({
  registerId: Id,
  lines: Type.Array(Line, { minItems: 1, maxItems: 100 }),
  codes: Type.Optional(Codes),
  customer: Type.Optional(Customer),
  to: exactly({ countryCode: CountryCode, postcode: Type.Optional(Type.String({ maxLength: 20 })) }),
});

export const Way = Type.Object({
  code: Type.String(),
  name: Type.String(),
  kind: Type.Enum(['ship', 'pickup', 'same_day', 'counter']),
  amountMinor: Minor,
  totalMinor: Type.Integer({ description: 'what the basket costs with it' }),
  promise: OrNull(Type.Object({ promisedFrom: Type.String(), promisedTo: Type.String() })),
  stores: Type.Array(
    Type.Object({ locationId: Id, name: Type.String(), city: Type.String(), readyOn: Type.String() }),
    { description: 'where all of it can be collected, the nearest first' },
  ),
});

export const Quote = Type.Object({
  currency: Currency,
  isTaxIncluded: Type.Boolean(),
  lines: Type.Array(
    Type.Object({
      variantId: Id,
      sku: Type.String(),
      title: Type.String(),
      options: Type.String(),
      quantity: Type.Integer(),
      unitPriceMinor: Minor,
      grossMinor: Minor,
      discountMinor: Minor,
      taxMinor: Minor,
      taxRate: Type.Number(),
      netMinor: Minor,
    }),
  ),
  postageMinor: Minor,
  discounts: Type.Array(
    Type.Object({
      promotionId: Id,
      name: Type.String(),
      code: OrNull(Type.String()),
      amountMinor: Minor,
    }),
  ),
  codes: Type.Array(
    Type.Object({
      code: Type.String(),
      name: OrNull(Type.String()),
      refusal: OrNull(Type.String()),
    }),
  ),
  taxMinor: Minor,
  totalMinor: Minor,
});

export const Item = Type.Object({
  variantId: Id,
  productId: Id,
  sku: Type.String(),
  gtin: OrNull(Type.String()),
  title: Type.String(),
  options: Type.String(),
  pictureUrl: OrNull(Type.String()),
  unitPriceMinor: Minor,
  brandId: OrNull(Id),
  categoryIds: Type.Array(Id),
  taxCategory: Type.String(),
});

export const Stock = Type.Object({
  here: Type.Object({
    onHand: Type.Integer(),
    reserved: Type.Integer(),
    allocated: Type.Integer(),
    damaged: Type.Integer(),
    safety: Type.Integer(),
    short: Type.Integer(),
    available: Type.Integer(),
  }),
  everywhere: Type.Array(
    Type.Object({
      locationId: Id,
      name: Type.String(),
      city: Type.String(),
      kind: Type.String(),
      available: Type.Integer(),
    }),
  ),
  incoming: Type.Array(Type.Object({ locationId: Id, quantity: Type.Integer(), expectedOn: Type.String() })),
  later: Type.Union(
    [
      Type.Object({
        kind: Type.Enum(['back_order', 'pre_order']),
        units: Type.Integer(),
        on: Type.String({ description: 'the day on which the first of them comes' }),
      }),
      Type.Null(),
    ],
    { description: 'what may be ordered before it is here: sent, or collected when it has come' },
  ),
});

export const Parking = exactly({
  registerId: Id,
  note: Type.Optional(Type.String({ maxLength: 120 })),
  lines: Type.Array(Line, { minItems: 1, maxItems: 100 }),
  codes: Type.Optional(Codes),
});

export const Parked = Type.Object({
  id: Id,
  note: Type.String(),
  lines: Type.Array(Line),
  codes: Type.Array(Type.String()),
  parkedAt: Moment,
  expiresAt: Moment,
});

export const Conflict = Type.Object({
  id: Id,
  saleId: Id,
  variantId: Id,
  locationId: Id,
  wanted: Type.Integer(),
  available: Type.Integer(),
  toldAt: Moment,
});

export { ByCard, InCash, Minor, Moment, OrNull, Quantity };
