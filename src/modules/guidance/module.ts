import type { Module } from '#platform/module.ts';
import { judgeDays } from './judge-days.ts';
import { MAIL_FINDINGS, mailFindings } from './mail-findings.ts';
import { measureCarriers } from './measure-carriers.ts';
import { measureAdjustments } from './measure-adjustments.ts';
import { propose } from './propose.ts';
import { routes } from './routes.ts';
import { findingAlerts } from './subscribers.ts';

export const guidance: Module = {
  name: 'guidance',
  routes,
  subscribers: [findingAlerts],
  jobs: {
    'guidance.judge_days': {
      cron: '20 * * * *', // hourly: what came late is seen soon, and a day that is over as well
      isSlow: true,
      run: async (deps) => void (await judgeDays(deps)),
    },
    'guidance.propose': { cron: '50 4 * * *', isSlow: true, run: (deps) => propose(deps) },
    'guidance.measure_adjustments': {
      cron: '20 5 * * *', // after the night's figures, before anybody asks
      isSlow: true,
      run: (deps) => measureAdjustments(deps),
    },
    'guidance.measure_carriers': {
      cron: '40 5 * * *',
      isSlow: true,
      run: (deps) => measureCarriers(deps),
    },
    [MAIL_FINDINGS]: { run: mailFindings },
  },
};
