import type { Module } from '#platform/module.ts';
import { changeRoutes } from './routes/changes.ts';
import { lookRoutes } from './routes/looks.ts';
import { swapRoutes } from './routes/swaps.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await lookRoutes(app, deps);
  await changeRoutes(app, deps);
  await swapRoutes(app, deps);
};
