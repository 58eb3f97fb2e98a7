import { pieceClosed } from '#events/social.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { findComplements } from './complements.ts';
import { redrawClosed, renderLook } from './render.ts';
import { routes } from './routes.ts';

export const looks: Module = {
  name: 'looks',
  routes,
  jobs: {
    'looks.find_complements': { cron: '40 3 * * *', run: findComplements },
    'looks.render': { isSlow: true, run: renderLook },
  },
  subscribers: [subscribe(pieceClosed, 'looks.redraw', redrawClosed)],
};
