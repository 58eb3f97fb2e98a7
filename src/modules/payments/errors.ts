import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const OrderId = Type.Object({ orderId: Type.String() });

export const paymentsErrors = defineErrors('payments', {
  more_than_is_left: {
    status: 409,
    title: 'That is more than is left of it',
    data: Type.Object({ orderId: Type.String(), wantedMinor: Type.Integer(), leftMinor: Type.Integer() }),
  },
  under_way: {
    status: 409,
    title: 'Money of this order is on its way: ask again in a moment',
    data: OrderId,
  },
  not_paid_here: { status: 404, title: 'There is no payment for such an order', data: OrderId },
  refund_differs: {
    status: 409,
    title: 'That refund exists with another order or amount',
    data: Type.Object({ refundId: Type.String() }),
  },
  refund_not_refused: {
    status: 404,
    title: 'There is no such refused refund',
    data: Type.Object({ operationId: Type.String() }),
  },
  refund_answered: {
    status: 409,
    title: 'Somebody has seen to that refund in another way',
    data: Type.Object({ operationId: Type.String() }),
  },
  payment_unknown: {
    status: 404,
    title: 'There is no such payment',
    data: Type.Object({ paymentId: Type.String() }),
  },
  fee_is_reported: {
    status: 409,
    title: 'The provider tells what it took: what it says stands',
    data: Type.Object({ provider: Type.String() }),
  },
  fee_is_right: {
    status: 409,
    title: 'It comes to that already',
    data: Type.Object({ paymentId: Type.String(), feeMinor: Type.Integer() }),
  },
  fee_correction_differs: {
    status: 409,
    title: 'That correction exists with other facts',
    data: Type.Object({ correctionId: Type.String() }),
  },
  currency_not_taken: {
    status: 409,
    title: 'The payment provider cannot be asked for every amount in that currency',
    data: Type.Object({ currency: Type.String() }),
  },
  gift_card_unknown: { status: 409, title: 'No gift card with that code can be used', data: Type.Object({}) },
  credit_too_small: {
    status: 409,
    title: 'There is less left than was to be spent',
    data: Type.Object({ leftMinor: Type.Integer(), currency: Type.String() }),
  },
  account_unknown: {
    status: 404,
    title: 'There is no such gift card or store credit',
    data: Type.Object({ id: Type.String() }),
  },
  more_than_may_be_given: {
    status: 409,
    title: 'That is more than may be given in a day',
    data: Type.Object({ leftMinor: Type.Integer(), currency: Type.String() }),
  },
  credit_to_oneself: { status: 409, title: 'Nobody gives credit to themselves', data: Type.Object({}) },
  account_differs: {
    status: 409,
    title: 'That gift card or grant exists with other facts',
    data: Type.Object({ id: Type.String() }),
  },
  member_unknown: {
    status: 404,
    title: 'There is no such member',
    data: Type.Object({ memberId: Type.String() }),
  },
  webhook_invalid: {
    status: 400,
    title: 'That is not a signed message of the provider',
    data: Type.Object({}),
  },
});
