import { inTransaction } from '#platform/db.ts';
import type { Module } from '#platform/module.ts';
import { collectRoutes } from './collect-routes.ts';
import { dropOldLetters } from './dead-letters.ts';
import { eraseAsked, eraseLate } from './erase.ts';
import { routes } from './routes.ts';

export const collector: Module = {
  name: 'collector',
  routes,
  rootRoutes: collectRoutes,
  jobs: {
    'collector.erase_asked': { cron: '23 * * * *', run: (deps) => eraseAsked(deps) },
    'collector.erase_late': { cron: '41 3 * * *', run: (deps) => eraseLate(deps) },
    'collector.drop_old_letters': {
      cron: '11 4 * * *',
      run: ({ db, now }) => inTransaction(db, (tx) => dropOldLetters(tx, now())),
    },
  },
};
