import type { Module } from '#platform/module.ts';
import { renderLook } from './render.ts';
import { routes } from './routes.ts';

export const looks: Module = {
  name: 'looks',
  routes,
  jobs: {
    'looks.render': { isSlow: true, run: renderLook },
  },
};
