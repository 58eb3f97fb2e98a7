import type { Module } from '#platform/module.ts';
import { foldCounts, followClock, followSales, refreshChanged, subscribers } from './follow.ts';
import { mediaFiles } from './media-routes.ts';
import { dropFiles } from './received-media.ts';
import { readdress } from './readdress-media.ts';
import { makeRenditions } from './renditions.ts';
import { routes } from './routes.ts';

export const catalog: Module = {
  name: 'catalog',
  routes,
  rootRoutes: mediaFiles,
  subscribers,
  jobs: {
    'catalog.follow_clock': { cron: '* * * * *', run: followClock },
    'catalog.follow_sales': { cron: '*/10 * * * *', run: followSales },
    'catalog.fold_counts': { cron: '*/10 * * * *', run: foldCounts },
    'catalog.refresh_listings': { run: refreshChanged },
    'catalog.drop_files': { run: dropFiles },
    'catalog.readdress_media': { run: readdress },
    'catalog.make_renditions': { cron: '* * * * *', isSlow: true, run: makeRenditions },
  },
};
