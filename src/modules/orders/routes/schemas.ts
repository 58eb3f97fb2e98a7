import { Type } from 'typebox';
import type { OrderSummary as Summary } from '../order.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';

/** Some words on one line: no control characters, which neither a label nor a database takes. */
const Line = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$' });

export const Quantity = Type.Integer({ minimum: 1, maximum: 99 });
const Minor = Type.Integer();
const OrNull = Type.Union([Type.String(), Type.Null()]);

const Discounts = Type.Array(
  Type.Object({ promotionId: Id, name: Type.String(), code: OrNull, amountMinor: Minor }),
);

const Codes = Type.Array(
  Type.Object({
    code: Type.String(),
    name: OrNull,
    refusal: Type.Union(
      [
        Type.Enum([
          'unknown',
          'not_begun',
          'ended',
          'not_for_this_basket',
          'used_up',
          'members_only',
          'another_is_better',
        ]),
        Type.Null(),
      ],
      { description: 'why it does nothing; null when it works' },
    ),
  }),
);

export const Cart = Type.Object({
  id: Id,
  currency: Currency,
  units: Type.Integer(),
  goodsMinor: Type.Integer({ description: 'before discounts' }),
  codes: Codes,
  discounts: Discounts,
  isTaxIncluded: Type.Boolean({ description: 'whether the amounts shown have their tax in them' }),
  taxMinor: Type.Union([Minor, Type.Null({ description: 'it depends on where it goes' })]),
  totalMinor: Type.Integer({ description: 'without delivery' }),
  lines: Type.Array(
    Type.Object({
      variantId: Id,
      quantity: Type.Integer(),
      netMinor: Minor,
      available: Type.Integer({ description: 'free units over all locations' }),
      waits: Type.Optional(
        Type.Object(
          {
            kind: Type.Enum(['back_order', 'pre_order']),
            units: Type.Integer(),
            on: Type.String({ format: 'date' }),
          },
          { description: 'units beyond them that are still to come, and when' },
        ),
      ),
      variant: Type.Union([
        Type.Object({
          productId: Id,
          slug: Type.String(),
          sku: Type.String(),
          title: Type.String(),
          options: Type.String(),
          amountMinor: Minor,
          compareAtMinor: Type.Union([Minor, Type.Null()]),
        }),
        Type.Null({ description: 'no longer sold, or not in the currency of the cart' }),
      ]),
      unpriced: Type.Optional(
        Type.Object(
          { title: Type.String(), slug: Type.String(), options: Type.String() },
          { description: 'what it is, where it is sold but has no price in the currency of the cart' },
        ),
      ),
    }),
  ),
});

const Window = Type.Object({
  promisedFrom: Type.String({ format: 'date' }),
  promisedTo: Type.String({ format: 'date' }),
});

export const DELIVERY_KINDS = ['ship', 'pickup', 'same_day', 'counter'] as const;

export const DeliveryOption = Type.Object({
  code: Type.String(),
  name: Type.String(),
  kind: Type.Enum([...DELIVERY_KINDS]),
  stores: Type.Array(
    Type.Object({
      locationId: Id,
      name: Type.String(),
      city: Type.String(),
      distanceKm: Type.Union([Type.Integer(), Type.Null()]),
      readyOn: Type.String({ format: 'date', description: 'from this day on it can be collected there' }),
    }),
    { description: 'of a pickup: where all of it can be collected, the nearest first' },
  ),
  amountMinor: Minor,
  freeFromMinor: Type.Union([Minor, Type.Null()]),
  discounts: Discounts,
  taxMinor: Minor,
  totalMinor: Type.Integer({ description: 'what the cart costs with it' }),
  promise: Type.Union([Window, Type.Null({ description: 'nothing can be promised at this moment' })]),
});

/** A promise for a thing that is in no cart yet. */
export const Promised = Type.Object({
  deliveryCode: Type.String(),
  name: Type.String(),
  ...Window.properties,
});

/** Lines are the giver's to break; no other control characters. */
const GiftNote = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^[^\\x00-\\x09\\x0b\\x0c\\x0e-\\x1f\\x7f]*$',
});

const Touchpoint = Type.String({
  pattern: '^(web|app|till|embed|service|agent|network:[a-z0-9-]{1,40}|marketplace:[a-z0-9-]{1,40})$',
});

export const Address = exactly({
  email: Type.String({ format: 'email', maxLength: 254 }),
  name: Line(100),
  street: Line(200),
  postcode: Line(20),
  city: Line(100),
  countryCode: Type.String({ pattern: '^[A-Z]{2}$' }),
  phone: Type.Optional(Line(40)),
});

export const CreditWishes = Type.Array(
  exactly({
    kind: Type.Enum(['gift_card', 'store_credit']),
    code: Type.Optional(Type.String({ maxLength: 60, description: 'of a gift card' })),
    amountMinor: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000_000 })),
  }),
  { maxItems: 10, description: 'spent first, in this order; the token pays for the rest' },
);

export const OrderWish = exactly({
  cartId: Id,
  deliveryCode: Type.String({ maxLength: 40 }),
  pickupLocationId: Type.Optional({ ...Id, description: 'of a pickup: the store' }),
  totalMinor: Type.Integer({ minimum: 0, description: 'the total that the buyer saw' }),
  touchpoint: { ...Touchpoint, default: 'web' },
  paymentToken: Type.String({
    maxLength: 200,
    description: "from the payment provider's form; empty: the provider's own page asks",
  }),
  payments: Type.Optional(CreditWishes),
  address: Address,
  giftNote: Type.Optional(GiftNote),
});

export const OutsideName = exactly({
  source: Type.String({ pattern: '^(?!(stoa|demo)$)[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 40 }),
  externalRef: Type.String({ pattern: '^[\\x21-\\x7e]{1,100}$' }),
});

const AgreedMinor = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
export const PaymentReference = Line(100);

export const OutsideOrder = exactly({
  currency: Currency,
  lines: Type.Array(
    exactly({
      sku: Line(100),
      quantity: Type.Integer({ minimum: 1, maximum: 1000 }),
      unitPriceMinor: {
        ...AgreedMinor,
        description: 'agreed for one unit, after every discount, as the buyer saw it',
      },
    }),
    { minItems: 1, maxItems: 100 },
  ),
  deliveryCode: Type.String({ maxLength: 40 }),
  postageMinor: AgreedMinor,
  totalMinor: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: 'what the buyer pays' }),
  touchpoint: Type.Optional({
    ...Touchpoint,
    description: 'where it was sold; without it, marketplace:<source>',
  }),
  paymentReference: Type.Optional({
    ...PaymentReference,
    description: "the source's name for the money it took; absent while it has taken none",
  }),
  address: Address,
  giftNote: Type.Optional(GiftNote),
});

export const OrderSummary = Type.Object({
  id: Id,
  number: Type.String(),
  state: Type.Enum(['placed', 'paid', 'partly_cancelled', 'cancelled']),
  touchpoint: Type.String(),
  currency: Currency,
  regionCode: Type.String(),
  placedAt: Type.String({ format: 'date-time' }),
  goodsMinor: Minor,
  postageMinor: Minor,
  otherMinor: Minor,
  taxMinor: Minor,
  isTaxIncluded: Type.Boolean(),
  totalMinor: Minor,
  promisedFrom: OrNull,
  promisedTo: OrNull,
});

const Assignment = Type.Object({
  id: Id,
  locationId: Id,
  leavesOn: Type.String({ format: 'date', description: 'by the clock of the location' }),
  goodsOn: Type.Optional(
    Type.Union([Type.String({ format: 'date' }), Type.Null()], {
      description: 'when goods are to come that were not there when it was ordered',
    }),
  ),
  ...Window.properties,
  lines: Type.Array(Type.Object({ variantId: Id, quantity: Type.Integer() })),
});

const Money = Type.Object({
  payments: Type.Array(
    Type.Object({
      id: Id,
      provider: Type.String(),
      state: Type.Enum(['pending', 'authorized', 'captured', 'failed', 'cancelled']),
      amountMinor: Minor,
      capturedMinor: Minor,
      refundedMinor: Minor,
      creditedMinor: Minor,
      exchangedMinor: Type.Integer({ description: 'of what was credited: as other goods' }),
      codeEnd: Type.Union([Type.String(), Type.Null()], { description: 'of a gift card' }),
    }),
  ),
  capturedMinor: Minor,
  refundedMinor: Minor,
  creditedMinor: Type.Integer({ description: 'given back as store credit, in place of a refund' }),
  reducedMinor: Type.Integer({ description: 'what need not be paid any more, or is given back' }),
});

export const CancellationWish = exactly({
  lines: Type.Optional(
    Type.Array(exactly({ lineId: Id, quantity: Type.Integer({ minimum: 1, maximum: 100_000 }) }), {
      minItems: 1,
      maxItems: 100,
      description: 'all that is left, where it is left out',
    }),
  ),
  reason: Type.Optional(Line(200)),
});

export const OrderPage = Type.Object({
  orders: Type.Array(OrderSummary),
  cursor: Type.Union([Type.String(), Type.Null()], { description: 'for the next page; null on the last' }),
});

export const Order = Type.Object({
  ...OrderSummary.properties,
  deliveryCode: OrNull,
  pickupLocationId: OrNull,
  giftNote: OrNull,
  discounts: Discounts,
  address: Type.Union([
    Type.Object({
      email: Type.String(),
      name: Type.String(),
      street: Type.String(),
      postcode: Type.String(),
      city: Type.String(),
      countryCode: Type.String(),
      phone: Type.String(),
    }),
    Type.Null(),
  ]),
  lines: Type.Array(
    Type.Object({
      id: Id,
      kind: Type.Enum(['goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment']),
      productId: OrNull,
      variantId: OrNull,
      title: Type.String(),
      options: Type.String(),
      quantity: Type.Integer(),
      unitPriceMinor: Minor,
      discountMinor: Minor,
      cancelledQuantity: Type.Integer(),
      netMinor: Type.Integer({ description: 'after discount, without tax' }),
      taxMinor: Minor,
      taxRate: Type.Number(),
    }),
  ),
  ...Money.properties,
  outstandingMinor: Type.Integer({
    description: 'neither paid nor let go; below zero: on its way back to the buyer',
  }),
  cancellationIds: Type.Array(Id),
  assignments: Type.Array(Assignment),
});

export const CountryCode = Type.String({ pattern: '^[A-Z]{2}$' });

export const Paging = exactly({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}_[0-9a-f-]{36}$' })),
});

export const ChangePaging = exactly({
  ...Paging.properties,
  updatedSince: Type.Optional(
    Type.String({
      format: 'date-time',
      description:
        'those that something happened to since then, the longest ago first; the cursor is always there, to ask again later for what is new',
    }),
  ),
});

export const ByCart = exactly({
  cart: Type.Optional({ ...Id, description: 'by which a guest shows that the order is theirs' }),
});

export const withTimes = <T extends Pick<Summary, 'placedAt'>>(order: T) => ({
  ...order,
  placedAt: order.placedAt.toISOString(),
});
