import type { Module } from '#platform/module.ts';
import { countCustomers, countRegrouped } from './customers-count.ts';
import { followShelves } from './product-shelves.ts';
import { followStockPlaces } from './stock-places.ts';
import { routes } from './routes.ts';

export const insight: Module = {
  name: 'insight',
  routes,
  jobs: {
    'insight.count_customers': { cron: '40 2 * * *', isSlow: true, run: (deps) => countCustomers(deps) },
    'insight.follow_shelves': { cron: '* * * * *', isSlow: true, run: (deps) => followShelves(deps) },
    // A few rows: behind the pictures of a first start stock would lie nowhere for minutes.
    'insight.follow_stock_places': { cron: '* * * * *', run: (deps) => followStockPlaces(deps) },
    'insight.count_regrouped': { cron: '*/10 * * * *', isSlow: true, run: (deps) => countRegrouped(deps) },
  },
};
