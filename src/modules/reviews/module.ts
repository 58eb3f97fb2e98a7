import { fulfilmentDelivered } from '#events/fulfilment.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { noteReceived } from './received.ts';
import { mailRequest, REQUEST_MAIL } from './requests.ts';
import { routes } from './routes.ts';

export const reviews: Module = {
  name: 'reviews',
  routes,
  jobs: { [REQUEST_MAIL]: { run: mailRequest } },
  subscribers: [subscribe(fulfilmentDelivered, 'reviews.note_received', noteReceived)],
};
