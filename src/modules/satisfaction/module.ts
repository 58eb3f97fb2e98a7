import { fulfilmentDelivered } from '#events/fulfilment.ts';
import { orderPlaced, returnRecorded } from '#events/orders.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { MAIL_REPLY } from './letters.ts';
import { mailQuestion } from './mail-question.ts';
import { mailReply } from './mail-reply.ts';
import { afterDelivery, afterPurchase, afterReturn } from './occasions.ts';
import { MAIL_QUESTION } from './questions.ts';
import { routes } from './routes.ts';

export const satisfaction: Module = {
  name: 'satisfaction',
  routes,
  jobs: { [MAIL_QUESTION]: { run: mailQuestion }, [MAIL_REPLY]: { run: mailReply } },
  subscribers: [
    subscribe(orderPlaced, 'satisfaction.after_purchase', afterPurchase),
    subscribe(fulfilmentDelivered, 'satisfaction.after_delivery', afterDelivery),
    subscribe(returnRecorded, 'satisfaction.after_return', afterReturn),
  ],
};
