import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { OrderWish } from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type PlainKey, say } from '../messages.ts';
import { Text } from '../page.ts';

export const CheckoutBody = exactly({
  order: Id,
  cart: Id,
  /** What the goods cost on the page that was sent. */
  goods: Type.Integer({ minimum: 0 }),
  email: Text(254),
  name: Text(120),
  street: Text(200),
  postcode: Text(20),
  city: Text(120),
  country: Text(2),
  phone: Text(40),
  /** "standard:495": the way, and what it cost on the page. */
  delivery: Text(80),
  payment: Text(200),
  giftCard: Text(60),
  credit: Text(3),
});

/** What was typed, as it is shown again. */
export type Typed = Omit<Static<typeof CheckoutBody>, 'cart' | 'goods'>;
type FieldName = keyof Typed;
export type Errors = Partial<Record<FieldName, string>>;

export function firstTyped(viewer: Viewer, country: string, delivery: string): Typed {
  const nothing = {
    street: '',
    postcode: '',
    city: '',
    phone: '',
    payment: 'approved',
    giftCard: '',
    credit: '',
  };
  return {
    order: randomUUID(),
    email: viewer.email ?? '',
    name: viewer.name ?? '',
    country,
    delivery,
    ...nothing,
  };
}

const REQUIRED = {
  name: 'checkout.error.name',
  street: 'checkout.error.street',
  postcode: 'checkout.error.postcode',
  city: 'checkout.error.city',
  country: 'checkout.error.country',
  delivery: 'checkout.error.delivery',
} as const satisfies Partial<Record<FieldName, PlainKey>>;

/** One person at one host with a dot: the receipt that does not come back is the real check. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function errorsOf(typed: Typed): Errors {
  const errors: Errors = {};
  if (!EMAIL.test(typed.email.trim())) errors.email = say('checkout.error.email');
  for (const [field, key] of Object.entries(REQUIRED)) {
    if (typed[field as keyof typeof REQUIRED].trim() === '') errors[field as FieldName] = say(key);
  }
  return errors;
}

export function wishOf(body: Static<typeof CheckoutBody>): OrderWish {
  const [deliveryCode = '', cost] = body.delivery.split(':');
  return {
    orderId: body.order,
    cartId: body.cart,
    deliveryCode,
    totalMinor: body.goods + (Number(cost) || 0),
    touchpoint: 'web',
    paymentToken: body.payment,
    payments: [
      ...(body.giftCard.trim() ? [{ kind: 'gift_card' as const, code: body.giftCard.trim() }] : []),
      ...(body.credit === 'yes' ? [{ kind: 'store_credit' as const }] : []),
    ],
    address: {
      email: body.email.trim(),
      name: body.name.trim(),
      street: body.street.trim(),
      postcode: body.postcode.trim(),
      city: body.city.trim(),
      countryCode: body.country,
      ...(body.phone.trim() && { phone: body.phone.trim() }),
    },
  };
}
