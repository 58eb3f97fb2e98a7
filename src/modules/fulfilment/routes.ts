import type { Module } from '#platform/module.ts';
import { fulfilmentOrderRoutes } from './routes/fulfilment-orders.ts';
import { deliveryEventRoutes } from './routes/delivery-events.ts';
import { paperRoutes } from './routes/papers.ts';
import { shipmentRoutes } from './routes/shipments.ts';
import { rejectionRoutes, stepRoutes } from './routes/steps.ts';
import { unfillableRoutes } from './routes/unfillables.ts';
import { carrierEventRoutes } from './routes/carrier-events.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await fulfilmentOrderRoutes(app, deps);
  await stepRoutes(app, deps);
  await rejectionRoutes(app, deps);
  await unfillableRoutes(app, deps);
  await shipmentRoutes(app, deps);
  await paperRoutes(app, deps);
  await deliveryEventRoutes(app, deps);
  await app.register(carrierEventRoutes, { ...deps, prefix: '' }); // in a scope of its own, as it takes bytes
};
