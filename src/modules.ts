import { archives } from './modules/archives/module.ts';
import { boards } from './modules/boards/module.ts';
import { catalog } from './modules/catalog/module.ts';
import { collector } from './modules/collector/module.ts';
import { experiments } from './modules/experiments/module.ts';
import { feed } from './modules/feed/module.ts';
import { fulfilment } from './modules/fulfilment/module.ts';
import { guidance } from './modules/guidance/module.ts';
import { identity } from './modules/identity/module.ts';
import { insight } from './modules/insight/module.ts';
import { inventory } from './modules/inventory/module.ts';
import { looks } from './modules/looks/module.ts';
import { market } from './modules/market/module.ts';
import { marketing } from './modules/marketing/module.ts';
import { payments } from './modules/payments/module.ts';
import { orders } from './modules/orders/module.ts';
import { persons } from './modules/persons/module.ts';
import { posts } from './modules/posts/module.ts';
import { pricing } from './modules/pricing/module.ts';
import { quality } from './modules/quality/module.ts';
import { reviews } from './modules/reviews/module.ts';
import { routing } from './modules/routing/module.ts';
import { safety } from './modules/safety/module.ts';
import { satisfaction } from './modules/satisfaction/module.ts';
import { social } from './modules/social/module.ts';
import { till } from './modules/till/module.ts';
import { webhooks } from './modules/webhooks/module.ts';

export { viewerOf } from './modules/identity/index.ts';

/** The only file that knows every module. */
export const modules = [
  identity,
  market,
  marketing,
  catalog,
  pricing,
  experiments,
  inventory,
  routing,
  payments,
  orders,
  fulfilment,
  till,
  social,
  boards,
  posts,
  looks,
  feed,
  reviews,
  satisfaction,
  archives,
  safety,
  webhooks,
  collector,
  persons,
  insight,
  guidance,
  quality,
];
