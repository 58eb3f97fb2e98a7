import { fulfilmentDelivered } from '#events/fulfilment.ts';
import { orderPlaced, returnRecorded } from '#events/orders.ts';
import { subscribe, subscribeToLots } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { MAIL_REPLY } from './letters.ts';
import { mailQuestion } from './mail-question.ts';
import { mailReply } from './mail-reply.ts';
import { afterDelivery, afterPurchases, afterReturn } from './occasions.ts';
import { MAIL_QUESTION } from './questions.ts';
import { routes } from './routes.ts';

export const satisfaction: Module = {
  name: 'satisfaction',
  routes,
  jobs: { [MAIL_QUESTION]: { run: mailQuestion }, [MAIL_REPLY]: { run: mailReply } },
  subscribers: [
    subscribeToLots(orderPlaced, 'satisfaction.after_purchase', afterPurchases),
    subscribe(fulfilmentDelivered, 'satisfaction.after_delivery', afterDelivery),
    subscribe(returnRecorded, 'satisfaction.after_return', afterReturn),
  ],
};
