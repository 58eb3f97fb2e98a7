import type { Module } from '#platform/module.ts';
import { boardRoutes } from './routes/boards.ts';
import { invitationRoutes, makerRoutes } from './routes/makers.ts';
import { pinRoutes } from './routes/pins.ts';
import { suggestionRoutes } from './routes/suggestions.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await boardRoutes(app, deps);
  await makerRoutes(app, deps);
  await invitationRoutes(app, deps);
  await pinRoutes(app, deps);
  await suggestionRoutes(app, deps);
};
