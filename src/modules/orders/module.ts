import { orderPlaced } from '#events/orders.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { mailReceipt, queueReceipt } from './receipt.ts';
import { routes } from './routes.ts';
import { SETTLE_CHECKOUT } from './checkout.ts';
import { settleCheckout, settlePayments } from './settle-payments.ts';

export const orders: Module = {
  name: 'orders',
  routes,
  subscribers: [
    subscribe(orderPlaced, 'orders.send_receipt', (tx, { orderId }) => queueReceipt(tx, orderId)),
  ],
  jobs: {
    'orders.mail_receipt': { run: mailReceipt },
    [SETTLE_CHECKOUT]: { run: (deps, payload) => settleCheckout(deps, payload) },
    'orders.settle_payments': { cron: '* * * * *', run: (deps) => settlePayments(deps) },
  },
};
