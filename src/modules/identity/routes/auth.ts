import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { platformErrors } from '#platform/errors.ts';
import type { Deps, Module } from '#platform/module.ts';
import { authFor } from '../auth.ts';
import { headersOf } from '../caller.ts';
import { identityErrors } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { AUTH_PATH } from '../settings.ts';

/** Of Better Auth's own routes, those that a browser needs. All else goes by ours, which answer in our words. */
const OPEN = [
  /^GET \/callback\/[a-z]+$/,
  /^POST \/callback\/[a-z]+$/,
  /^GET \/passkey\/generate-(register|authenticate)-options$/,
  /^POST \/passkey\/verify-(registration|authentication)$/,
];

/** Better Auth, mounted: the networks' callbacks and the passkeys' ceremonies. */
export const authRoute: NonNullable<Module['routes']> = async (app, deps) => {
  // The body goes on as it came: Better Auth reads it itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.route({
    method: ['GET', 'POST'],
    url: '/auth/*',
    config: { access: 'public' },
    schema: { hide: true, response: { default: Type.Unknown() } },
    handler: async (request, reply) => {
      const { pathname } = new URL(request.url, deps.config.publicUrl);
      const path = pathname.slice(AUTH_PATH.length);
      if (!OPEN.some((form) => form.test(`${request.method} ${path}`))) throw platformErrors.not_found({});
      if (path.startsWith('/passkey/') && request.method === 'POST' && !request.headers.origin) {
        throw platformErrors.cross_site({});
      }
      const auth = await authFor(deps, /^\/callback\/(?<network>.+)$/.exec(path)?.groups?.['network'] ?? '');
      if (!auth) return reply.redirect('/sign-in?error=unreachable', 303);
      return answer(await auth.handler(asWebRequest(deps, request)), path, reply);
    },
  });
};

function asWebRequest({ config }: Deps, request: FastifyRequest): Request {
  const headers = headersOf(request);
  headers.delete('content-length');
  const { method, body } = request;
  return new Request(new URL(request.url, config.publicUrl), {
    method,
    headers,
    ...(body instanceof Uint8Array && { body: new Uint8Array(body) }),
  });
}

async function answer(response: Response, path: string, reply: FastifyReply) {
  if (response.status === 429) {
    const seconds = Number(response.headers.get('x-retry-after')) || LIMITS.auth_address.windowSeconds;
    throw identityErrors.too_many_attempts({ retryAfterSeconds: seconds });
  }
  if (response.status === 403) throw identityErrors.session_stale({});
  // Better Auth calls it a fault of its own when a device's answer cannot be read.
  const isUnreadable = response.status === 500 && path === '/passkey/verify-registration';
  if (isUnreadable || (response.status >= 400 && response.status < 500)) {
    throw identityErrors.passkey_refused({});
  }
  if (response.status >= 500) throw new Error(`Better Auth answered ${response.status} at ${path}`);
  for (const cookie of response.headers.getSetCookie()) void reply.header('set-cookie', cookie);
  const location = response.headers.get('location');
  if (location) return reply.redirect(location, 303);
  // What it tells of a new session holds the session's token: that is for the cookie only.
  if (path.startsWith('/passkey/verify-')) return reply.send({ done: true });
  return reply.type('application/json').send(await response.text());
}
