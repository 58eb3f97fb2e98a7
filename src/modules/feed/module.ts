import type { Module } from '#platform/module.ts';
import { makeDigests, sendDigest } from './digest.ts';
import { followPrices } from './follow-prices.ts';
import { routes } from './routes.ts';

export const feed: Module = {
  name: 'feed',
  routes,
  jobs: {
    'feed.follow_prices': { cron: '*/15 * * * *', run: followPrices },
    'feed.make_digests': { cron: '0 7 * * *', isSlow: true, run: makeDigests },
    'feed.send_digest': { run: sendDigest },
  },
};
