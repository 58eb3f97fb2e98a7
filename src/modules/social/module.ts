import { pieceClosed } from '#events/social.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { readdressSaid } from './photos.ts';
import { routes } from './routes.ts';

export const social: Module = {
  name: 'social',
  routes,
  subscribers: [subscribe(pieceClosed, 'social.readdress_said', readdressSaid)],
};
