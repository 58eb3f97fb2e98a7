import { orderPlaced } from '#events/orders.ts';
import { subscribe, subscribeToLots } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { fulfilmentDelivered, fulfilmentShipped } from '#events/fulfilment.ts';
import { servingCosted } from '#events/market.ts';
import { feeNoted, paymentAnswered, paymentCaptured } from '#events/payments.ts';
import { contactCosted } from '#events/satisfaction.ts';
import { CANCELLATION_MAIL } from './cancel.ts';
import { mailCancellation } from './cancellation-mail.ts';
import { noteContactCost, noteFee, noteServing } from './serve-cost.ts';
import { noteDelivery, notePaid, noteShipment } from './shipped.ts';
import { MAIL_RECEIPT, mailReceipt, queueReceipts } from './receipt.ts';
import { mailReturn, RETURN_MAIL } from './return-mail.ts';
import { routes } from './routes.ts';
import { mailReceiptAgain, RECEIPT_AGAIN } from './staff-acts.ts';
import { SETTLE_CHECKOUT } from './checkout.ts';
import { lookAgain, settleCheckout, settlePayments } from './settle-payments.ts';

export const orders: Module = {
  name: 'orders',
  routes,
  subscribers: [
    subscribeToLots(orderPlaced, 'orders.send_receipt', (tx, told) =>
      queueReceipts(
        tx,
        told.map(({ payload }) => payload.orderId),
      ),
    ),
    subscribe(paymentAnswered, 'orders.look_at_payment', (tx, { orderId }) => lookAgain(tx, orderId)),
    subscribe(paymentCaptured, 'orders.note_paid', (tx, { orderId }) => notePaid(tx, orderId)),
    subscribe(fulfilmentShipped, 'orders.note_shipment', noteShipment),
    subscribe(fulfilmentDelivered, 'orders.note_delivery', noteDelivery),
    subscribe(servingCosted, 'orders.note_serving', noteServing),
    subscribe(feeNoted, 'orders.note_fee', noteFee),
    subscribe(contactCosted, 'orders.note_contact_cost', noteContactCost),
  ],
  jobs: {
    [MAIL_RECEIPT]: { run: mailReceipt },
    [RECEIPT_AGAIN]: { run: mailReceiptAgain },
    [CANCELLATION_MAIL]: { run: mailCancellation },
    [RETURN_MAIL]: { run: mailReturn },
    [SETTLE_CHECKOUT]: { run: (deps, payload) => settleCheckout(deps, payload) },
    'orders.settle_payments': { cron: '* * * * *', run: (deps) => settlePayments(deps) },
  },
};
