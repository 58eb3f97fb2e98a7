import type { Module } from '#platform/module.ts';
import { fulfilmentOrderRoutes } from './routes/fulfilment-orders.ts';
import { shipmentRoutes } from './routes/shipments.ts';
import { carrierEventRoutes } from './routes/carrier-events.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await fulfilmentOrderRoutes(app, deps);
  await shipmentRoutes(app, deps);
  await app.register(carrierEventRoutes, { ...deps, prefix: '' }); // in a scope of its own, as it takes bytes
};
