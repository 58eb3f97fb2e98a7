import { pieceClosed } from '#events/social.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { READ_LINK, readLink } from './links.ts';
import { readdressPinned } from './pins.ts';
import { routes } from './routes.ts';

export const boards: Module = {
  name: 'boards',
  routes,
  jobs: { [READ_LINK]: { run: readLink } },
  subscribers: [subscribe(pieceClosed, 'boards.readdress_photos', readdressPinned)],
};
