import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  countAttempt,
  forgiveAttempt,
  knownCustomerOf,
  membersOfCustomers,
} from '#modules/identity/index.ts';
import { boughtGoods, orderOfReceipt } from '#modules/orders/index.ts';
import type { Config } from '#platform/config.ts';
import type { Deps } from '#platform/module.ts';
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

/** For so long after a purchase its receipt opens the form. */
export const RECEIPT_DAYS = 180;

type Asking = Pick<Deps, 'db' | 'config' | 'now'>;

/**
 * The order of a receipt that is not too old. Wrong codes are counted by the network address that they came from, right
 * ones are not: from one address twenty an hour are guessed, and each is right once in 2^40 times.
 */
export async function orderByReceipt(
  { db, config, now }: Asking,
  code: string,
  address: string,
): Promise<{ orderId: string; number: string } | undefined> {
  await countAttempt({ db, config, now }, 'receipt_code_address', address);
  const order = await orderOfReceipt(db, config, code);
  if (!order) return undefined;
  await forgiveAttempt({ db, config, now }, 'receipt_code_address', address);
  const isOver = now().getTime() > order.placedAt.getTime() + RECEIPT_DAYS * 86_400_000;
  return isOver ? undefined : order;
}

interface Proof {
  memberId?: string | undefined;
  /** What the link in a mail has, or a receipt's code. */
  token?: string | undefined;
  /** The network address that it came from. */
  address: string;
}

/**
 * Who writes: whoever holds an order's link, as the member who bought it where one did; whoever holds its receipt; else
 * who is signed in. A mail reaches its buyer alone and paper reaches anybody: who holds paper speaks in no member's name.
 */
export async function authorFor(
  deps: Asking,
  { memberId, token, address }: Proof,
): Promise<Author | undefined> {
  const { db, config } = deps;
  const mailed = token === undefined ? undefined : orderOfToken(config, token);
  const isPaper = token !== undefined && mailed === undefined;
  const orderId = isPaper ? (await orderByReceipt(deps, token, address))?.orderId : mailed;
  if (orderId !== undefined) {
    const customerId = (await boughtGoods(db, orderId)).customerId ?? undefined;
    const buyer = customerId && (await membersOfCustomers(db, [customerId])).get(customerId);
    return buyer && (!isPaper || buyer === memberId)
      ? { memberId: buyer, customerId }
      : { orderId, customerId, name: '' };
  }
  return memberId === undefined ? undefined : { memberId, customerId: await knownCustomerOf(db, memberId) };
}
