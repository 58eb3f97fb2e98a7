import type { FastifyReply, FastifyRequest } from 'fastify';

const CUSTOMER_COOKIE = 'stoa_customer';
/** So long is one customer served; then their code is scanned again. */
const SERVED_SECONDS = 20 * 60;

/** The code of the customer who is served at this till. */
export const customerCodeOf = ({ cookies }: FastifyRequest): string | undefined => cookies[CUSTOMER_COOKIE];

export function rememberCustomer(reply: FastifyReply, code: string): void {
  const secure = reply.request.protocol === 'https';
  const options = { path: '/till', sameSite: 'strict', httpOnly: true, secure } as const;
  reply.setCookie(CUSTOMER_COOKIE, code, { ...options, maxAge: SERVED_SECONDS });
}

export function forgetCustomer(reply: FastifyReply): void {
  reply.clearCookie(CUSTOMER_COOKIE, { path: '/till' });
}
