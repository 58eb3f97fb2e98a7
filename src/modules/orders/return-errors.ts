import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const OrderId = Type.Object({ orderId: Type.String() });
const RequestId = Type.Object({ requestId: Type.String() });
const LineId = Type.Object({ lineId: Type.String() });

export const returnErrors = defineErrors('orders', {
  return_not_found: { status: 404, title: 'There is no such return', data: RequestId },
  return_differs: { status: 409, title: 'That return exists with another order', data: RequestId },
  return_of_past: {
    status: 409,
    title: 'The order was sent elsewhere, before this shop kept its stock',
    data: OrderId,
  },
  return_line_unknown: { status: 409, title: 'There are no such goods in it', data: LineId },
  return_line_twice: { status: 422, title: 'Each line stands in a return once', data: LineId },
  not_returnable: {
    status: 409,
    title: 'That is more than was sent and is not on its way back yet',
    data: Type.Object({ lineId: Type.String(), wanted: Type.Integer(), left: Type.Integer() }),
  },
  return_too_late: {
    status: 409,
    title: 'The time in which it could be returned is over',
    data: Type.Object({ lineId: Type.String(), days: Type.Integer() }),
  },
  credit_for_members: {
    status: 409,
    title: 'Only a member has credit to spend: a guest gets the money back',
    data: OrderId,
  },
  return_location_unknown: {
    status: 422,
    title: 'There is no such location',
    data: Type.Object({ locationId: Type.String() }),
  },
  inspected_too_many: {
    status: 409,
    title: 'That is more than was to come',
    data: Type.Object({ lineId: Type.String(), wanted: Type.Integer(), left: Type.Integer() }),
  },
  inspected_nothing: { status: 422, title: 'Say what became of a unit at least', data: RequestId },
  exchange_currency: {
    status: 409,
    title: 'It has no price in the currency in which the order was paid',
    data: Type.Object({ currency: Type.String() }),
  },
  exchange_unpaid: {
    status: 409,
    title: 'What comes back has not been paid for yet, so it can pay for nothing else',
    data: OrderId,
  },
  exchange_without_address: {
    status: 409,
    title: 'Nobody knows any more where the order went',
    data: OrderId,
  },
  exchange_sent: {
    status: 409,
    title: 'What was wanted in exchange has been sent already',
    data: OrderId,
  },
  exchange_nothing_owed: { status: 409, title: 'Nothing is owed for what was sent', data: RequestId },
  return_step_not_open: {
    status: 409,
    title: 'The return is not where that could be done',
    data: Type.Object({ requestId: Type.String(), state: Type.String(), wanted: Type.String() }),
  },
  return_step_differs: {
    status: 409,
    title: 'That step exists and was another one',
    data: Type.Object({ stepId: Type.String() }),
  },
});
