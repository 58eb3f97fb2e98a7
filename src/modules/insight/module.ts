import type { Module } from '#platform/module.ts';
import { countCustomers } from './customers-count.ts';
import { routes } from './routes.ts';

export const insight: Module = {
  name: 'insight',
  routes,
  jobs: {
    'insight.count_customers': { cron: '40 2 * * *', isSlow: true, run: (deps) => countCustomers(deps) },
  },
};
