import type { Module } from '#platform/module.ts';
import { SEND_MAIL } from './mails.ts';
import { removeUnconfirmed } from './remove-unconfirmed.ts';
import { routes } from './routes.ts';
import { sendMail } from './send-mail.ts';

export const identity: Module = {
  name: 'identity',
  routes,
  jobs: {
    [SEND_MAIL]: { run: sendMail },
    'identity.remove_unconfirmed': { cron: '17 * * * *', run: removeUnconfirmed },
  },
};
