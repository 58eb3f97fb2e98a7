import type { FastifyReply, FastifyRequest } from 'fastify';

const REGISTER_COOKIE = 'stoa_register';
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The register that this browser stands at, when one was chosen. */
export function registerIdOf({ cookies }: FastifyRequest): string | undefined {
  const id = cookies[REGISTER_COOKIE];
  return id && UUID.test(id) ? id : undefined;
}

export function rememberRegister(reply: FastifyReply, registerId: string): void {
  const secure = reply.request.protocol === 'https';
  const options = { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', httpOnly: true, secure } as const;
  reply.setCookie(REGISTER_COOKIE, registerId, options);
}
