import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { OrderWish } from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type PlainKey, say } from '../messages.ts';
import { Text } from '../page.ts';
import type { Place } from './place-cookie.ts';

const GIFT_MAX = 500;

export const CheckoutBody = exactly({
  order: Id,
  cart: Id,
  /** What the cart cost on the page that was sent, without delivery. */
  goods: Type.Integer({ minimum: 0 }),
  email: Text(254),
  name: Text(120),
  street: Text(200),
  postcode: Text(20),
  city: Text(120),
  country: Text(2),
  phone: Text(40),
  /** "standard:495": the way, and what it added to that. */
  delivery: Text(80),
  /** Where it is collected, by a way by which it is. */
  store: Text(36),
  payment: Text(200),
  giftCard: Text(60),
  credit: Text(3),
  /** Browsers send a line break as two characters. */
  gift: Text(2 * GIFT_MAX),
  /** A code to be used, and one to be removed: of the buttons beside the order. */
  code: Text(60),
  uncode: Text(60),
});

/** What was typed, as it is shown again. */
export type Typed = Omit<Static<typeof CheckoutBody>, 'cart' | 'goods' | 'code' | 'uncode'>;
type FieldName = keyof Typed;
export type Errors = Partial<Record<FieldName, string>>;

export function typedIn(body: Static<typeof CheckoutBody>): Typed {
  const { cart: _cart, goods: _goods, code: _code, uncode: _uncode, ...typed } = body;
  return typed;
}

/** What was typed last time goes before where the viewer is said to be: it is an address, and they see it. */
export function firstTyped(viewer: Viewer, place: Place | undefined, last: Partial<Typed>): Typed {
  const nothing = {
    street: '',
    city: '',
    phone: '',
    store: '',
    payment: 'approved',
    giftCard: '',
    credit: '',
    gift: '',
  };
  return {
    order: randomUUID(),
    email: viewer.email ?? '',
    name: viewer.name ?? '',
    country: place?.countryCode ?? '',
    postcode: place?.postcode ?? '',
    delivery: '',
    ...nothing,
    ...last,
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

/** "collect:0:pickup" says that it is collected. */
const isPickup = (delivery: string) => delivery.endsWith(':pickup');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One person at one host with a dot: the receipt that does not come back is the real check. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function errorsOf(typed: Typed): Errors {
  const errors: Errors = {};
  if (!EMAIL.test(typed.email.trim())) errors.email = say('checkout.error.email');
  for (const [field, key] of Object.entries(REQUIRED)) {
    if (typed[field as keyof typeof REQUIRED].trim() === '') errors[field as FieldName] = say(key);
  }
  if (isPickup(typed.delivery) && !UUID.test(typed.store)) errors.store = say('checkout.error.store');
  if (noteIn(typed).length > GIFT_MAX) errors.gift = say('checkout.error.gift');
  return errors;
}

const noteIn = ({ gift }: Pick<Typed, 'gift'>) =>
  gift
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .trim();

export function wishOf(body: Static<typeof CheckoutBody>): OrderWish {
  const giftNote = noteIn(body);
  const [deliveryCode = '', cost] = body.delivery.split(':');
  return {
    orderId: body.order,
    cartId: body.cart,
    deliveryCode,
    ...(isPickup(body.delivery) && body.store !== '' && { pickupLocationId: body.store }),
    totalMinor: body.goods + (Number(cost) || 0),
    touchpoint: 'web',
    paymentToken: body.payment,
    payments: [
      ...(body.giftCard.trim() ? [{ kind: 'gift_card' as const, code: body.giftCard.trim() }] : []),
      ...(body.credit === 'yes' ? [{ kind: 'store_credit' as const }] : []),
    ],
    ...(giftNote && { giftNote }),
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
