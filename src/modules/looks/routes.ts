import type { Module } from '#platform/module.ts';
import { lookRoutes } from './routes/looks.ts';
import { swapRoutes } from './routes/swaps.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await lookRoutes(app, deps);
  await swapRoutes(app, deps);
};
