import type { Module } from '#platform/module.ts';
import { exchangeRoutes } from './routes/exchanges.ts';
import { goodsRoutes } from './routes/goods.ts';
import { parkedRoutes } from './routes/parked.ts';
import { registerRoutes } from './routes/registers.ts';
import { saleRoutes } from './routes/sales.ts';
import { shiftRoutes } from './routes/shifts.ts';
import { takenRoutes } from './routes/taken.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await registerRoutes(app, deps);
  await goodsRoutes(app, deps);
  await saleRoutes(app, deps);
  await shiftRoutes(app, deps);
  await parkedRoutes(app, deps);
  await takenRoutes(app, deps);
  await exchangeRoutes(app, deps);
};
