import { randomUUID } from 'node:crypto';
import { mayEnter, type Viewer } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { addJob } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { actorOf } from '../identity/index.ts';
import { type CreditWish, EXTERNAL, pay, type PaymentProvider, providerInUse } from '../payments/index.ts';
import {
  type Asked,
  type Checkout,
  checkoutOf,
  hold,
  lookingAgain,
  SETTLE_CHECKOUT,
  type TakenMoney,
} from './checkout.ts';
import { type Draft } from './draft.ts';
import { ordersErrors } from './errors.ts';
import { type Offered, offerFor, type OfferWish } from './exchange-offer.ts';
import { leaseEnd, renewLease, whileWorkedOn } from './lease.ts';
import { isBuyer, orderOf } from './order.ts';
import { own } from './own.ts';
import { finishCheckout, type PlacedOrder, returnUrlOf, type SentAway, toPay } from './place-order.ts';
import { recordOrder } from './record-order.ts';
import { RETURN_WORKERS } from './return-as-buyer.ts';
import { returnErrors } from './return-errors.ts';
import { isMembers, lockOrderOfReturn, refuseUnreturnable, type ReturnWish } from './return-request.ts';

type ExchangingDeps = Pick<Deps, 'db' | 'config' | 'now'>;

/** Units that come back, and what is wanted in their place: one act, with the return's id. */
export interface ExchangeWish extends ReturnWish, OfferWish {
  /** What the buyer saw that is to be paid beside the goods. */
  toPayMinor: number;
  payments?: CreditWish[];
  /** What the payment provider gave for the buyer's means of payment; empty: its own page asks. */
  paymentToken?: string;
  /** What whoever serves the buyer calls the payment that they took. */
  paidElsewhere?: string;
}

export interface ExchangeQuote {
  currency: string;
  /** What the goods that come back are worth. */
  worthMinor: number;
  totalMinor: number;
  toPayMinor: number;
  /** What goes back the return's way. */
  backMinor: number;
}

/** One order for each exchange, whoever asks how often. */
export const orderInExchange = (requestId: string): string => idOf('orders:in_exchange', requestId);

interface By {
  actor: string;
  withinDays?: number;
}

/** A buyer within their days, and those who work on returns at any time. */
async function asker(
  db: Db,
  viewer: Viewer,
  wish: Pick<ExchangeWish, 'orderId' | 'paidElsewhere'>,
  { cartId, days }: { cartId: string | undefined; days: number },
): Promise<By> {
  if (mayEnter(viewer, RETURN_WORKERS)) return { actor: actorOf(viewer) };
  await orderOf(db, viewer, wish.orderId, cartId);
  const isTheirs = await isBuyer(db, viewer, wish.orderId, cartId);
  if (!isTheirs || wish.paidElsewhere !== undefined) throw platformErrors.not_allowed({});
  return { actor: actorOf(viewer), withinDays: days };
}

export async function quoteExchange(
  { db, config, now }: ExchangingDeps,
  viewer: Viewer,
  wish: OfferWish,
  cartId: string | undefined,
): Promise<ExchangeQuote> {
  const at = now();
  return inTransaction(db, async (tx) => {
    const by = await asker(tx, viewer, wish, { cartId, days: config.returnDays });
    return quoted(tx, wish, by.withinDays, at, config.timeZone);
  });
}

/** What it would cost now, in the caller's transaction and for whomever the caller lets ask. */
export async function quoted(
  tx: Tx,
  wish: OfferWish,
  withinDays: number | undefined,
  now: Date,
  timeZone: string,
): Promise<ExchangeQuote> {
  await lockOrderOfReturn(tx, wish.orderId);
  await refuseUnreturnable(tx, wish, withinDays, now);
  const { draft, worthMinor, valueMinor } = await offerFor(tx, wish, randomUUID(), now, timeZone);
  const { currency, totalMinor } = draft;
  const [toPayMinor, backMinor] = [totalMinor - valueMinor, worthMinor - valueMinor];
  return { currency, worthMinor, totalMinor, toPayMinor, backMinor };
}

/**
 * Asks for goods to be taken back and orders others in their place. Return and order are written in one transaction, by
 * the steps of our own checkout; where a provider is asked for the rest, that comes before it and the stock is held. The
 * order is sent when the goods have come, or at once where the rules trust its buyer. The same id again is a retry.
 */
export async function exchange(
  deps: ExchangingDeps,
  viewer: Viewer,
  wish: ExchangeWish,
  cartId: string | undefined,
  provider: PaymentProvider = providerInUse(deps),
): Promise<PlacedOrder | SentAway> {
  const { db, config, now } = deps;
  const by = await asker(db, viewer, wish, { cartId, days: config.returnDays });
  const begun = await lookingAgain(() =>
    inTransaction(db, (tx) => begin(tx, wish, by, provider, now(), config.timeZone)),
  );
  if ('number' in begun) return begun;
  const { attemptId, draft } = begun;
  const asked = {
    paymentId: attemptId,
    amountMinor: toPay(begun),
    currency: draft.currency,
    token: wish.paymentToken ?? '',
    capture: config.payments.capture === 'order' ? ('now' as const) : ('later' as const),
    returnUrl: returnUrlOf(deps, begun),
  };
  const answer = await whileWorkedOn(deps, attemptId, () => pay(db, provider, asked));
  return finishCheckout(deps, begun, answer);
}

/** Answers the order where no provider has to be asked. */
async function begin(
  tx: Tx,
  wish: ExchangeWish,
  by: By,
  provider: Asked,
  now: Date,
  timeZone: string,
): Promise<Checkout | PlacedOrder> {
  await lockOrderOfReturn(tx, wish.orderId);
  const known = (await placedInExchange(tx, wish)) ?? (await checkoutOf(tx, orderInExchange(wish.id)));
  if (known) {
    if ('attemptId' in known) await renewLease(tx, known.attemptId, now);
    return known;
  }
  if (wish.refundTo === 'store_credit' && !(await isMembers(tx, wish.orderId)))
    throw returnErrors.credit_for_members({ orderId: wish.orderId });
  await refuseUnreturnable(tx, wish, by.withinDays, now);
  const offered = await offerFor(tx, wish, randomUUID(), now, timeZone);
  const { totalMinor, currency } = offered.draft;
  const toPayMinor = totalMinor - offered.valueMinor;
  if (toPayMinor !== wish.toPayMinor) throw ordersErrors.total_changed({ totalMinor: toPayMinor, currency });
  const isPaid = wish.paidElsewhere !== undefined;
  const { note = '', ...asked } = requestOf(wish);
  const payments = { provider: isPaid ? { name: EXTERNAL } : provider, payments: wish.payments ?? [] };
  const tied = { asked: { wish: asked, ...by }, note };
  const checkout = await holdInExchange(tx, wish, offered, { ...payments, ...tied }, now);
  if (toPay(checkout) === 0) return recordOrder(tx, checkout, undefined, now);
  const providerRef = [wish.paidElsewhere ?? '', wish.id].join(':');
  if (isPaid) return recordOrder(tx, checkout, { state: 'captured', providerRef }, now);
  const { orderId, attemptId } = checkout;
  await addJob(tx, SETTLE_CHECKOUT, { orderId }, attemptId, { runAt: leaseEnd(now) });
  return checkout;
}

export const requestOf = ({
  id,
  orderId,
  kind,
  touchpoint,
  refundTo,
  lines,
  note,
}: ReturnWish): ReturnWish => ({
  id,
  orderId,
  kind,
  touchpoint,
  refundTo,
  lines,
  ...(note !== undefined && { note }),
});

interface Tied {
  provider: Asked;
  payments: CreditWish[];
  taken?: readonly TakenMoney[];
  note?: string;
  asked?: NonNullable<Draft['exchange']>['asked'];
}

/** Holds all that is wanted in place of goods, on a cart of its own: so that whoever knows it sees the order. */
export async function holdInExchange(
  tx: Tx,
  { id: requestId, orderId: ofOrderId }: { id: string; orderId: string },
  { draft, valueMinor, customerId }: Offered,
  { provider, payments, taken = [], note, asked }: Tied,
  now: Date,
): Promise<Checkout> {
  const { id: cartId } = await own(tx)
    .insertInto('orders.cart')
    .values({ id: randomUUID(), member_id: draft.memberId, currency: draft.currency, ordered_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  const tied = { requestId, ofOrderId, customerId, valueMinor, ...(asked && { asked }) };
  const exchanged = { ...draft, exchange: tied, ...(note && { returnNote: note }) };
  const held = { orderId: orderInExchange(requestId), cartId, provider, payments, taken };
  return hold(tx, held, exchanged, now);
}

/** The order that was made with the return; undefined where neither is there. */
export async function placedInExchange(
  tx: Tx,
  { id, orderId }: Pick<ReturnWish, 'id' | 'orderId'>,
): Promise<PlacedOrder | undefined> {
  const request = await own(tx)
    .selectFrom('orders.return_request as request')
    .leftJoin('orders.exchange as exchange', 'exchange.request_id', 'request.id')
    .leftJoin('orders.order as order', 'order.id', 'exchange.order_id')
    .select(['request.order_id as ofOrderId', 'order.id as orderId', 'order.number'])
    .where('request.id', '=', id)
    .executeTakeFirst();
  if (!request) return undefined;
  if (request.ofOrderId !== orderId || request.orderId === null || request.number === null)
    throw returnErrors.return_differs({ requestId: id });
  return { orderId: request.orderId, number: request.number };
}
