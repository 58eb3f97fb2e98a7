import type { Module } from '#platform/module.ts';
import { boardRoutes } from './routes/boards.ts';
import { pinRoutes } from './routes/pins.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await boardRoutes(app, deps);
  await pinRoutes(app, deps);
};
