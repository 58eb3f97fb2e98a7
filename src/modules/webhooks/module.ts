import type { Module } from '#platform/module.ts';
import { mailSwitchedOff } from './mail-switched-off.ts';
import { routes } from './routes.ts';
import { MAIL_SWITCHED_OFF } from './send.ts';

export const webhooks: Module = {
  name: 'webhooks',
  routes,
  jobs: { [MAIL_SWITCHED_OFF]: { run: mailSwitchedOff } },
};
