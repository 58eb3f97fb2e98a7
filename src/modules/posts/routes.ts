import type { Module } from '#platform/module.ts';
import { listRoutes } from './routes/lists.ts';
import { photoRoutes } from './routes/photos.ts';
import { postRoutes } from './routes/posts.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await postRoutes(app, deps);
  await photoRoutes(app, deps);
  await listRoutes(app, deps);
};
