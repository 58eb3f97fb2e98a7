import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { localPath, page, Text, THEME_COOKIE } from './page.ts';

const YEAR = 365 * 24 * 60 * 60;

/** What belongs to no page: the theme, and every address that nobody answers. */
export const site: FastifyPluginAsyncTypebox<Deps> = async (app) => {
  const Theme = Type.Union([Type.Literal('light'), Type.Literal('dark')]);
  app.post(
    '/theme',
    page('public', { body: exactly({ theme: Theme, next: Text(2000) }) }),
    async ({ body }, reply) => {
      reply.setCookie(THEME_COOKIE, body.theme, { path: '/', maxAge: YEAR, sameSite: 'lax' });
      return reply.redirect(localPath(body.next), 303);
    },
  );

  app.get('/*', page('public'), async () => {
    throw platformErrors.not_found({});
  });
};
