import type { Module } from '#platform/module.ts';
import { aspectRoutes } from './routes/aspects.ts';
import { makerRoutes } from './routes/makers.ts';
import { questionRoutes } from './routes/questions.ts';
import { readingRoutes } from './routes/reading.ts';
import { writingRoutes } from './routes/writing.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await readingRoutes(app, deps);
  await writingRoutes(app, deps);
  await questionRoutes(app, deps);
  await aspectRoutes(app, deps);
  await makerRoutes(app, deps);
};
