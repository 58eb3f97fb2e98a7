import type { FastifyReply, FastifyRequest } from 'fastify';
import { localPath } from '../page.ts';

const NEXT_COOKIE = 'stoa_next';
const DAY = 24 * 60 * 60;

/** Where to go on once the address is confirmed: the mail's link may be opened hours later. */
export function rememberNext(reply: FastifyReply, path: string): void {
  const secure = reply.request.protocol === 'https';
  if (path === '/') return;
  reply.setCookie(NEXT_COOKIE, path, { path: '/', maxAge: DAY, httpOnly: true, sameSite: 'lax', secure });
}

export function takeNext({ cookies }: FastifyRequest, reply: FastifyReply): string {
  const path = localPath(cookies[NEXT_COOKIE]);
  if (cookies[NEXT_COOKIE]) reply.clearCookie(NEXT_COOKIE, { path: '/' });
  return path;
}
