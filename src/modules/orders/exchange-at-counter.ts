import { randomUUID } from 'node:crypto';
import type { Tx } from '#platform/db.ts';
import { EXTERNAL } from '../payments/index.ts';
import type { TakenMoney } from './checkout.ts';
import { counterErrors, ordersErrors } from './errors.ts';
import { type ExchangeQuote, holdInExchange, placedInExchange, quoted, requestOf } from './exchange.ts';
import { type CarriedFrom, offerFor, type Wanted } from './exchange-offer.ts';
import type { PlacedOrder } from './place-order.ts';
import { recordOrder } from './record-order.ts';
import { returnErrors } from './return-errors.ts';
import { isMembers, lockOrderOfReturn, refuseUnreturnable, type ReturnWish } from './return-request.ts';

/** What is wanted at a counter in place of goods that are brought there. */
export interface CounterOffer extends Pick<ReturnWish, 'orderId' | 'lines' | 'touchpoint'> {
  wanted: readonly Wanted[];
  /** Of the drawer: an order of another currency is refused. */
  currency: string;
  carriedFrom: Omit<CarriedFrom, 'deliveryCode'>;
}

export interface CounterExchange extends CounterOffer, ReturnWish {
  /** What the buyer was told is to be paid beside the goods, and what they gave. */
  toPayMinor: number;
  taken: readonly TakenMoney[];
}

const carried = <Wish extends CounterOffer>(wish: Wish) => ({
  ...wish,
  carriedFrom: { ...wish.carriedFrom, deliveryCode: 'counter' },
});

/** What it would cost now. Whoever stands at the counter may ask: who may stand there is the caller's to know. */
export const quoteExchangeAtCounter = (
  tx: Tx,
  wish: CounterOffer,
  now: Date,
  timeZone: string,
): Promise<ExchangeQuote> => quoted(tx, carried(wish), undefined, now, timeZone);

/**
 * Asks for goods to be taken back and sells others in their place, in the caller's transaction, for goods and money are
 * there. The caller receives and inspects the return, which pays for the order, and hands it over. The same id again is
 * a retry.
 */
export async function exchangeAtCounter(
  tx: Tx,
  wish: CounterExchange,
  actor: string,
  now: Date,
  timeZone: string,
): Promise<PlacedOrder> {
  const { id, orderId, refundTo, taken } = wish;
  await lockOrderOfReturn(tx, orderId);
  const known = await placedInExchange(tx, wish);
  if (known) return known;
  if (refundTo === 'store_credit' && !(await isMembers(tx, orderId)))
    throw returnErrors.credit_for_members({ orderId });
  await refuseUnreturnable(tx, wish, undefined, now);
  const offered = await offerFor(tx, carried(wish), randomUUID(), now, timeZone);
  const { totalMinor, currency } = offered.draft;
  const toPayMinor = totalMinor - offered.valueMinor;
  if (toPayMinor !== wish.toPayMinor) throw ordersErrors.total_changed({ totalMinor: toPayMinor, currency });
  const tied = { provider: { name: EXTERNAL }, payments: [], taken, asked: { wish: requestOf(wish), actor } };
  const checkout = await holdInExchange(tx, { id, orderId }, offered, tied, now);
  const { toPayMinor: leftMinor } = checkout.draft;
  if (leftMinor !== 0) throw counterErrors.payments_differ({ totalMinor: toPayMinor, leftMinor });
  return recordOrder(tx, checkout, undefined, now);
}
