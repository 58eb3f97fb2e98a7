import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const CartId = Type.Object({ cartId: Type.String() });
const OrderId = Type.Object({ orderId: Type.String() });
const VariantId = Type.Object({ variantId: Type.String() });

export const ordersErrors = defineErrors('orders', {
  // Another's cart is answered as one that does not exist: an id must not tell whether it is in use.
  cart_not_found: { status: 404, title: 'There is no such cart', data: CartId },
  order_not_found: { status: 404, title: 'There is no such order', data: OrderId },
  cart_ordered: { status: 409, title: 'The cart has been ordered', data: OrderId },
  cart_is_being_ordered: { status: 409, title: 'The cart is being ordered at this moment', data: CartId },
  cart_empty: { status: 409, title: 'The cart is empty', data: CartId },
  cart_full: { status: 409, title: 'The cart holds as many things as it can', data: CartId },
  currency_not_sold: {
    status: 422,
    title: 'The shop does not sell in that currency',
    data: Type.Object({ currency: Type.String() }),
  },
  not_sold: { status: 409, title: 'That is not sold here', data: VariantId },
  not_enough_stock: {
    status: 409,
    title: 'Not enough stock',
    data: Type.Object({ variantId: Type.String(), wanted: Type.Integer(), available: Type.Integer() }),
  },
  not_deliverable: {
    status: 409,
    title: 'It is in stock, and no location can send it',
    data: Type.Object({ variantId: Type.String(), wanted: Type.Integer(), available: Type.Integer() }),
  },
  delivery_unknown: {
    status: 409,
    title: 'There is no such way of delivery',
    data: Type.Object({ deliveryCode: Type.String() }),
  },
  not_collectable: {
    status: 409,
    title: 'That can’t be collected there, or no store was chosen',
    data: Type.Object({ pickupLocationId: Type.Union([Type.String(), Type.Null()]) }),
  },
  days_reversed: { status: 422, title: 'It takes at least longer than at most', data: Type.Object({}) },
  rate_twice: {
    status: 422,
    title: 'A currency has one price',
    data: Type.Object({ currency: Type.String() }),
  },
  code_refused: {
    status: 409,
    title: 'That code does nothing here',
    data: Type.Object({ code: Type.String(), reason: Type.String() }),
  },
  advises_oneself: { status: 409, title: 'Nobody advises themselves', data: Type.Object({}) },
  country_unknown: {
    status: 422,
    title: 'There is no such country',
    data: Type.Object({ countryCode: Type.String() }),
  },
  total_changed: {
    status: 409,
    title: 'The total is no longer what it was',
    data: Type.Object({ totalMinor: Type.Integer(), currency: Type.String() }),
  },
  payment_declined: {
    status: 409,
    title: 'The payment was declined',
    data: Type.Object({ reason: Type.String() }),
  },
  order_differs: { status: 409, title: 'That order exists with another cart', data: OrderId },
  order_given_up: {
    status: 409,
    title: 'The order took too long and was given up; no money was taken',
    data: OrderId,
  },
});

export const outsideErrors = defineErrors('orders', {
  sku_unknown: { status: 409, title: 'There is no such SKU here', data: Type.Object({ sku: Type.String() }) },
  sku_twice: { status: 422, title: 'A SKU stands in one line', data: Type.Object({ sku: Type.String() }) },
  currency_unknown: {
    status: 422,
    title: 'There is no such currency',
    data: Type.Object({ currency: Type.String() }),
  },
  sums_differ: {
    status: 422,
    title: 'The lines, the postage and our tax do not add up to that total',
    data: Type.Object({ totalMinor: Type.Integer(), currency: Type.String() }),
  },
  outside_order_differs: {
    status: 409,
    title: 'That order was entered with other content',
    data: Type.Object({ source: Type.String(), externalRef: Type.String() }),
  },
  outside_order_unknown: {
    status: 404,
    title: 'That order was not entered',
    data: Type.Object({ source: Type.String(), externalRef: Type.String() }),
  },
});

export const cancellationErrors = defineErrors('orders', {
  line_unknown: {
    status: 409,
    title: 'The order has no such goods',
    data: Type.Object({ orderId: Type.String(), lineId: Type.String() }),
  },
  not_left: {
    status: 409,
    title: 'That is more than is left of the line',
    data: Type.Object({ lineId: Type.String(), wanted: Type.Integer(), left: Type.Integer() }),
  },
  not_cancellable: { status: 409, title: 'Nothing of the order can be cancelled here', data: OrderId },
  is_kept: {
    status: 409,
    title: 'It is kept until other goods have come: cancel all of it, or wait',
    data: OrderId,
  },
  has_left: { status: 409, title: 'Something of the order has been sent already', data: OrderId },
  cancellation_differs: {
    status: 409,
    title: 'That cancellation exists with another order',
    data: Type.Object({ cancellationId: Type.String() }),
  },
});

export const counterErrors = defineErrors('orders', {
  payments_differ: {
    status: 422,
    title: 'The payments do not come to the total',
    data: Type.Object({ totalMinor: Type.Integer(), leftMinor: Type.Integer() }),
  },
  not_released: {
    status: 409,
    title: 'It is not handed over before its release: it can be sent, or collected from then on',
    data: Type.Object({ variantId: Type.String(), releaseOn: Type.String() }),
  },
  agreed_sums_differ: {
    status: 422,
    title: 'What was agreed does not add up to that total',
    data: Type.Object({ totalMinor: Type.Integer(), currency: Type.String() }),
  },
});
