import { createHmac, timingSafeEqual } from 'node:crypto';
import { knownCustomerOf, membersOfCustomers } from '#modules/identity/index.ts';
import { boughtGoods } from '#modules/orders/index.ts';
import type { Config } from '#platform/config.ts';
import type { Db } from '#platform/db.ts';
import type { Author } from './review.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const signed = ({ secret }: Pick<Config, 'secret'>, orderId: string) =>
  createHmac('sha256', secret).update(`review_of_order:${orderId}`).digest();

/** What the link in a mail proves: that its holder may review what was bought in an order. */
export const reviewToken = (config: Pick<Config, 'secret'>, orderId: string): string =>
  `${orderId}.${signed(config, orderId).toString('base64url')}`;

/** The order that a token is for; undefined for one that nobody gave out. */
export function orderOfToken(config: Pick<Config, 'secret'>, token: string): string | undefined {
  const [orderId = '', signature = ''] = token.split('.', 2);
  if (!UUID.test(orderId)) return undefined;
  const [given, right] = [Buffer.from(signature, 'base64url'), signed(config, orderId)];
  return given.length === right.length && timingSafeEqual(given, right) ? orderId : undefined;
}

/** Who writes: whoever holds an order's link, as the member who bought it where one did; else who is signed in. */
export async function authorFor(
  db: Db,
  config: Pick<Config, 'secret'>,
  { memberId, token }: { memberId?: string | undefined; token?: string | undefined },
): Promise<Author | undefined> {
  const orderId = token === undefined ? undefined : orderOfToken(config, token);
  if (orderId !== undefined) {
    const { customerId } = await boughtGoods(db, orderId);
    const buyer = customerId && (await membersOfCustomers(db, [customerId])).get(customerId);
    const known = customerId ?? undefined;
    return buyer ? { memberId: buyer, customerId: known } : { orderId, customerId: known, name: '' };
  }
  return memberId === undefined ? undefined : { memberId, customerId: await knownCustomerOf(db, memberId) };
}
