import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';
import { tellFindings } from './tell.ts';
import { TELL, watchFeeds } from './watch.ts';

export const quality: Module = {
  name: 'quality',
  routes,
  jobs: {
    'quality.watch_feeds': { cron: '7 * * * *', run: (deps) => watchFeeds(deps) },
    [TELL]: { run: (deps) => tellFindings(deps) },
  },
};
