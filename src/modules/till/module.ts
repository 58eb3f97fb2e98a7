import type { Module } from '#platform/module.ts';
import { dropExpired } from './parked.ts';
import { routes } from './routes.ts';

export const till: Module = {
  name: 'till',
  routes,
  jobs: { 'till.drop_expired': { cron: '17 * * * *', run: dropExpired } },
};
