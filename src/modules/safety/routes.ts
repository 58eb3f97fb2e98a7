import type { Module } from '#platform/module.ts';
import { deskRoutes } from './routes/desk.ts';
import { legalRoutes } from './routes/legal.ts';
import { memberRoutes } from './routes/members.ts';
import { ruleRoutes } from './routes/rules.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await memberRoutes(app, deps);
  await deskRoutes(app, deps);
  await ruleRoutes(app, deps);
  await legalRoutes(app, deps);
};
