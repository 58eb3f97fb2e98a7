import { orderPlaced } from '#events/orders.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { expireUnaccepted } from './expire.ts';
import { takeOrder } from './take-order.ts';

export const fulfilment: Module = {
  name: 'fulfilment',
  subscribers: [subscribe(orderPlaced, 'fulfilment.take_order', (tx, { orderId }) => takeOrder(tx, orderId))],
  jobs: { 'fulfilment.expire_unaccepted': { cron: '* * * * *', run: expireUnaccepted } },
};
