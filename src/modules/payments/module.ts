import type { Module } from '#platform/module.ts';
import { MAIL_REFUND_REFUSED, mailRefundRefused } from './mail-refund-refused.ts';
import { noteFees } from './fees.ts';
import { routes } from './routes.ts';
import { CARRY_OUT, carryOut, carryOutLeft } from './operations.ts';

export const payments: Module = {
  name: 'payments',
  routes,
  jobs: {
    [MAIL_REFUND_REFUSED]: { run: mailRefundRefused },
    [CARRY_OUT]: { run: (deps, payload) => carryOut(deps, payload) },
    'payments.note_fees': { cron: '* * * * *', run: (deps) => noteFees(deps) },
    'payments.carry_out_left': { cron: '* * * * *', run: (deps) => carryOutLeft(deps) },
  },
};
