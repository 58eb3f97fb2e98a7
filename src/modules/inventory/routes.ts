import type { Module } from '#platform/module.ts';
import { availabilityRoutes } from './routes/availability.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { purchaseDateRoutes } from './routes/purchase-dates.ts';
import { purchaseReads, transferReads } from './routes/on-the-way.ts';
import { sellingRuleRoutes } from './routes/selling-rules.ts';
import { safetyRoutes } from './routes/safety.ts';
import { stockReads } from './routes/stock-reads.ts';
import { stockWrites } from './routes/stock-writes.ts';
import { transferRoutes } from './routes/transfers.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await availabilityRoutes(app, deps);
  await stockReads(app, deps);
  await stockWrites(app, deps);
  await deliveryRoutes(app, deps);
  await transferRoutes(app, deps);
  await purchaseDateRoutes(app, deps);
  await transferReads(app, deps);
  await purchaseReads(app, deps);
  await safetyRoutes(app, deps);
  await sellingRuleRoutes(app, deps);
};
