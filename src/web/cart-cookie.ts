import type { FastifyReply, FastifyRequest } from 'fastify';

const CART_COOKIE = 'stoa_cart';
const COUNT_COOKIE = 'stoa_items';
const DAYS_90 = 90 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The cart that this browser holds, when it holds one. */
export function cartIdOf({ cookies }: FastifyRequest): string | undefined {
  const id = cookies[CART_COOKIE];
  return id && UUID.test(id) ? id : undefined;
}

/** How many things are in it, as the header shows it: from a cookie, so that a page asks no table for it. */
export function cartCountOf({ cookies }: FastifyRequest): number {
  const count = Number(cookies[COUNT_COOKIE]);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** After each change of the cart. */
export function rememberCart(reply: FastifyReply, cart: { id: string; count: number }): void {
  const secure = reply.request.protocol === 'https';
  const options = { path: '/', maxAge: DAYS_90, sameSite: 'lax', httpOnly: true, secure } as const;
  reply.setCookie(CART_COOKIE, cart.id, options);
  reply.setCookie(COUNT_COOKIE, String(cart.count), options);
}

/** After the cart became an order, or its member signed out. */
export function forgetCart(reply: FastifyReply): void {
  reply.clearCookie(CART_COOKIE, { path: '/' });
  reply.clearCookie(COUNT_COOKIE, { path: '/' });
}
