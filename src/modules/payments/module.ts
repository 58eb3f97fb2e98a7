import type { Module } from '#platform/module.ts';
import { MAIL_REFUND_REFUSED, mailRefundRefused } from './mail-refund-refused.ts';
import { routes } from './routes.ts';
import { CARRY_OUT, carryOut, carryOutLeft } from './operations.ts';

export const payments: Module = {
  name: 'payments',
  routes,
  jobs: {
    [MAIL_REFUND_REFUSED]: { run: mailRefundRefused },
    [CARRY_OUT]: { run: (deps, payload) => carryOut(deps, payload) },
    'payments.carry_out_left': { cron: '* * * * *', run: (deps) => carryOutLeft(deps) },
  },
};
