import type { Module } from '#platform/module.ts';
import { followStream } from './follow-stream.ts';
import { resolveTouched } from './resolve-touched.ts';
import { routes } from './routes.ts';
import { memberBought } from './subscribers.ts';

export const persons: Module = {
  name: 'persons',
  routes,
  subscribers: [memberBought],
  jobs: {
    'persons.follow_stream': { cron: '* * * * *', run: (deps) => followStream(deps) },
    'persons.resolve': { cron: '*/5 * * * *', run: (deps) => resolveTouched(deps) },
  },
};
