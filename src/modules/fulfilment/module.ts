import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { purchaseDateMoved, stockCameIn, stockForWaiting } from '#events/inventory.ts';
import { orderPlaced, orderReleased, returnRecorded, unitsCancelled } from '#events/orders.ts';
import { subscribe, subscribeToLots } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { BROKER_WAITING, brokerWaiting, queueBrokering } from './broker-waiting.ts';
import { endUncollected } from './collect.ts';
import { noteComplaints } from './complaints.ts';
import { cutCancelled } from './cut-parts.ts';
import { expireUnaccepted } from './expire.ts';
import { MAIL_PROMISE, movePromises } from './move-promises.ts';
import { MOVE_WAITING, moveWaiting, queueMoves } from './move-waiting.ts';
import { MAIL_SHIPPED, mailShipped } from './notice.ts';
import { mailPromise } from './promise-notice.ts';
import { MAIL_READY, mailReady } from './ready-notice.ts';
import { routes } from './routes.ts';
import { serve } from './serve-waiting.ts';
import { ASK_CARRIER, askCarrier } from './ship.ts';
import { takeOrder, takeOrders } from './take-order.ts';
import { TELL_TEST_DELIVERY, tellTestDelivery } from './test-delivery.ts';

const Asked = Type.Object({ shipmentId: Type.String() });

export const fulfilment: Module = {
  name: 'fulfilment',
  routes,
  subscribers: [
    subscribeToLots(orderPlaced, 'fulfilment.take_order', takeOrders),
    subscribe(orderReleased, 'fulfilment.take_released', (tx, { orderId }) => takeOrder(tx, orderId)),
    subscribe(stockForWaiting, 'fulfilment.serve_waiting', (tx, place) => serve(tx, place, new Date())),
    subscribe(stockCameIn, 'fulfilment.queue_moves', queueMoves),
    subscribe(stockCameIn, 'fulfilment.queue_brokering', (tx, place) =>
      queueBrokering(tx, place, new Date()),
    ),
    subscribe(purchaseDateMoved, 'fulfilment.move_promises', (tx, { dateId }) =>
      movePromises(tx, dateId, new Date()),
    ),
    subscribe(unitsCancelled, 'fulfilment.cut_parts', cutCancelled),
    subscribe(returnRecorded, 'fulfilment.note_complaints', noteComplaints),
  ],
  jobs: {
    'fulfilment.expire_unaccepted': { cron: '* * * * *', run: expireUnaccepted },
    'fulfilment.end_uncollected': { cron: '*/15 * * * *', run: endUncollected },
    [MAIL_READY]: { run: mailReady },
    [ASK_CARRIER]: { run: (deps, payload) => askCarrier(deps, Value.Parse(Asked, payload).shipmentId) },
    [TELL_TEST_DELIVERY]: { run: tellTestDelivery },
    [MOVE_WAITING]: { run: moveWaiting },
    [BROKER_WAITING]: { run: brokerWaiting },
    [MAIL_PROMISE]: { run: mailPromise },
    [MAIL_SHIPPED]: { run: mailShipped },
  },
};
