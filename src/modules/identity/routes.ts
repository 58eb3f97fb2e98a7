import { platformErrors } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { accountRoutes } from './routes/account.ts';
import { authRoute } from './routes/auth.ts';
import { consentRoutes } from './routes/consents.ts';
import { keyRoutes } from './routes/keys.ts';
import { meRoutes } from './routes/me.ts';
import { organizationRoutes } from './routes/organizations.ts';
import { isFromHere } from './viewer.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A network sends its answer from its own page: Apple by a form. The state in it, in turn, must be ours. */
const CALLBACK = '/v1/identity/auth/callback/';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  app.addHook('onRequest', async ({ method, url, headers }) => {
    if (READING.has(method) || url.startsWith(CALLBACK) || isFromHere(deps, headers)) return;
    throw platformErrors.cross_site({});
  });
  // What Fastify hands on holds this module's prefix, which would count twice.
  const inside = { ...deps, prefix: '' };
  for (const each of [accountRoutes, authRoute, consentRoutes, keyRoutes, meRoutes, organizationRoutes]) {
    await app.register(each, inside);
  }
};
