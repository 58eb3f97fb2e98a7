import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

/** Any page may ask; what a key may be used from is looked at when something comes. No cookie is let through. */
export function allowOrigin({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (headers.origin === undefined) return;
  void reply.header('access-control-allow-origin', headers.origin).header('vary', 'Origin');
  void reply.header('access-control-expose-headers', 'Retry-After');
  if (headers['access-control-request-method'] === undefined) return;
  void reply
    .header('access-control-allow-methods', 'GET, POST, OPTIONS')
    .header('access-control-max-age', '7200');
  const asked = headers['access-control-request-headers'];
  if (asked !== undefined) void reply.header('access-control-allow-headers', asked);
}

export function preflight(app: FastifyInstance, path: string): void {
  const config = { access: 'public' as const };
  const schema = { hide: true, response: { 204: Type.Null() } };
  app.options(path, { config, schema }, async (_request, reply) => {
    await reply.code(204).send(null);
  });
}
