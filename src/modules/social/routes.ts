import type { Module } from '#platform/module.ts';
import { noticeRoutes } from './routes/notices.ts';
import { peopleRoutes } from './routes/people.ts';
import { photoRoutes } from './routes/photos.ts';
import { wordRoutes } from './routes/words.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await peopleRoutes(app, deps);
  await wordRoutes(app, deps);
  await noticeRoutes(app, deps);
  await app.register(photoRoutes, { ...deps, prefix: '' }); // uploads are for these routes alone
};
