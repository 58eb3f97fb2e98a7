import type { FastifyReply, FastifyRequest } from 'fastify';

const STORE_COOKIE = 'stoa_store';
const DAYS_30 = 30 * 24 * 60 * 60;
const CODE = /^[a-z0-9-]{1,60}$/;

/** The code of the store in which this browser scanned something last. */
export function storeOf({ cookies }: FastifyRequest): string | undefined {
  const code = cookies[STORE_COOKIE];
  return code && CODE.test(code) ? code : undefined;
}

export function rememberStore(reply: FastifyReply, code: string): void {
  const secure = reply.request.protocol === 'https';
  reply.setCookie(STORE_COOKIE, code, {
    path: '/',
    maxAge: DAYS_30,
    sameSite: 'lax',
    httpOnly: true,
    secure,
  });
}
