import { type RawBuilder, sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import { completed, type Db, type Ending, inTransactionEnding, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { GOES_AHEAD } from '#platform/late-begin.ts';
import type { Deps } from '#platform/module.ts';
import { type Part, writeTogether } from '#platform/together.ts';
import { SETTINGS_VERSION, withSettingsOf } from '#platform/settings.ts';
import { knownCustomerOf } from '../identity/index.ts';
import {
  type CreditWish,
  holdParts,
  openedPayment,
  openPayment,
  type PaymentProvider,
  promiseGoodsValue,
  settleAnswer,
} from '../payments/index.ts';
import { inventoryErrors, reserve } from '../inventory/index.ts';
import { takeUses, takeUsesLeft } from '../pricing/index.ts';
import { type WantedLine } from '../routing/index.ts';
import { adviceSince, latestAdviser } from './advice.ts';
import { pricedCart } from './cart.ts';
import { type Draft, draftOf, type OrderWish, stockLinesOf } from './draft.ts';
import { ordersErrors } from './errors.ts';
import { enteredCodes, heldLines, isHeldBy, lockCartAhead, orderOfCart } from './held-cart.ts';
import { leaseEnd, renewLease } from './lease.ts';
import { own } from './own.ts';
import { placesOf } from './quote.ts';

export interface Checkout {
  orderId: string;
  cartId: string;
  attemptId: string;
  workedOnUntil: Date;
  startedAt: Date;
  /** While the buyer is at the provider's own page. */
  awaitsBuyerUntil: Date | null;
  draft: Draft;
}

export const HOLD_MINUTES = 15;
const ATTEMPTS_MAX = 10;

/** The job that looks after an order whose process may have died: see settle-payments.ts. */
export const SETTLE_CHECKOUT = 'orders.settle_checkout';

/**
 * Prices the cart, holds its stock and writes down the payment that is about to be asked for, together. The same
 * order again is taken up where it stands.
 */
export async function beginCheckout(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  viewer: Viewer,
  wish: OrderWish,
  provider: Asked,
): Promise<Checkout> {
  return lookingAgain(() =>
    inTransactionEnding(db, (tx) => begin(tx, viewer, wish, provider, now(), config)),
  );
}

/**
 * Another buyer may take the units between our look and our hold: then we look again, and each such round means that
 * somebody else was served.
 */
export async function lookingAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === inventoryErrors.insufficient_stock.code;
      if (!isTaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function begin(
  tx: Tx,
  viewer: Viewer,
  wish: OrderWish,
  provider: Asked,
  now: Date,
  { timeZone, adviceDays }: Pick<Deps['config'], 'timeZone' | 'adviceDays'>,
): Promise<Ending<Checkout>> {
  const { orderId, cartId } = wish;
  await lockCartAhead(tx, cartId);
  const standing = await standingOf(tx, orderId, cartId, adviceSince(adviceDays, now));
  if (!standing || !isHeldBy(viewer, standing.memberId)) throw ordersErrors.cart_not_found({ cartId });
  if (standing.orderedAt) throw ordersErrors.cart_ordered({ orderId: await orderOfCart(tx, cartId) });
  if (standing.isBegun) {
    const known = await checkoutOf(tx, orderId);
    if (known?.cartId === cartId) {
      await renewLease(tx, known.attemptId, now);
      return { answer: known };
    }
  }
  if (standing.isBegun || standing.isOrder) throw ordersErrors.order_differs({ orderId });
  if (standing.isBeingOrdered) throw ordersErrors.cart_is_being_ordered({ cartId });

  const { lines, codes, memberId, currency: soldIn, adviserId, settingsVersion } = standing;
  const settled = withSettingsOf(tx, settingsVersion);
  const filled = { id: cartId, currency: soldIn, memberId, lines, codes };
  const cart = await pricedCart(settled, filled, now, await placesOf(settled, wish.address));
  const associateId = wish.associateId ?? adviserId;
  const helped = { ...wish, ...(associateId !== null && { associateId }) };
  const priced = await draftOf(settled, helped, cart, memberId, now, timeZone);
  const { totalMinor, currency } = priced;
  if (totalMinor !== wish.totalMinor) throw ordersErrors.total_changed({ totalMinor, currency });
  const held = { orderId, cartId, provider, payments: wish.payments ?? [] };
  return holding(tx, held, priced, now);
}

/** Whom the money is asked of. */
export type Asked = Pick<PaymentProvider, 'name' | 'refOf'>;

interface Standing {
  memberId: string | null;
  currency: string;
  orderedAt: Date | null;
  isBegun: boolean;
  isOrder: boolean;
  isBeingOrdered: boolean;
  lines: WantedLine[];
  codes: string[];
  /** Who advised on the cart last. */
  adviserId: string | null;
  settingsVersion: string;
}

/**
 * What there is of an order and its cart, once the cart is locked: the statement that waits for the lock would see it as
 * it was before.
 */
async function standingOf(
  tx: Tx,
  orderId: string,
  cartId: string,
  advisedSince: Date,
): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select member_id as "memberId", currency, ordered_at as "orderedAt",
      exists (select from orders.checkout where order_id = ${orderId}) as "isBegun",
      exists (select from orders.order where id = ${orderId}) as "isOrder",
      exists (select from orders.checkout where cart_id = cart.id) as "isBeingOrdered",
      ${heldLines}, ${enteredCodes}, ${latestAdviser(advisedSince)}, ${SETTINGS_VERSION} as "settingsVersion"
    from orders.cart where id = ${cartId}`.execute(tx);
  return rows[0];
}

interface Hold extends Pick<Checkout, 'orderId' | 'cartId'> {
  provider: Asked;
  payments: CreditWish[];
  /** Money that the buyer has given already. */
  taken?: readonly TakenMoney[];
  /** The goods have gone, whatever our books say: the level is short by what it lacked. */
  haveGone?: boolean;
}

/** What was paid over a counter, by whom the provider knows it. */
export interface TakenMoney {
  provider: string;
  amountMinor: number;
  providerRef: string;
}

/** Holds all that a draft needs: uses of discounts, stock, credit, and the payment that is to be asked for. */
export const hold = async (
  tx: Tx,
  held: Hold,
  priced: Omit<Draft, 'toPayMinor'>,
  now: Date,
): Promise<Checkout> => completed(tx, await holding(tx, held, priced, now));

async function holding(
  tx: Tx,
  { orderId, cartId, provider, payments, taken = [], haveGone = false }: Hold,
  priced: Omit<Draft, 'toPayMinor'>,
  now: Date,
): Promise<Ending<Checkout>> {
  const { totalMinor, currency, memberId } = priced;
  const attemptId = newId(now.getTime());
  const use = { attemptId, orderId, memberId, currency };
  const discounts = haveGone ? await takeUsesLeft(tx, use, priced.discounts, now) : priced.discounts;
  if (!haveGone) await takeUses(tx, use, discounts, now);
  const expiresAt = new Date(now.getTime() + HOLD_MINUTES * 60_000);
  const units = stockLinesOf(priced).map((line) => ({ ...line, beyond: haveGone ? line.quantity : 0 }));
  await reserve(tx, attemptId, expiresAt, units);
  const customerId = memberId === null ? undefined : await knownCustomerOf(tx, memberId);
  const goodsMinor = priced.exchange?.valueMinor ?? 0;
  await promiseGoodsValue(tx, { orderId, attemptId, amountMinor: goodsMinor, currency }, now);
  const asked = { orderId, attemptId, customerId, totalMinor: totalMinor - goodsMinor, currency };
  const restMinor = await holdParts(tx, asked, payments, now);
  const takenMinor = await noteTaken(tx, { orderId, attemptId, currency }, taken, now);
  const toPayMinor = restMinor - takenMinor;
  const draft = { ...priced, discounts, toPayMinor };
  const times = { workedOnUntil: leaseEnd(now), startedAt: now, awaitsBuyerUntil: null };
  const checkout = { orderId, cartId, attemptId, ...times, draft };
  const payment = { id: attemptId, orderId, attemptId, amountMinor: toPayMinor, currency };
  const asking = { ...payment, provider: provider.name, providerRef: provider.refOf?.(attemptId) };
  const parts = [insertedCheckout(checkout), ...(toPayMinor > 0 ? [openedPayment(asking, now)] : [])];
  return { answer: checkout, last: (end) => writeTogether(end, parts) };
}

const insertedCheckout = ({
  orderId,
  cartId,
  attemptId,
  draft,
  startedAt,
  workedOnUntil,
}: Checkout): Part => ({
  changes: [
    sql`orders_checkout as (
      insert into orders.checkout (order_id, cart_id, attempt_id, draft, started_at, worked_on_until)
      values (${orderId}, ${cartId}, ${attemptId}, ${JSON.stringify(draft)}, ${startedAt}, ${workedOnUntil}))`,
  ],
});

async function noteTaken(
  tx: Tx,
  order: { orderId: string; attemptId: string; currency: string },
  taken: readonly TakenMoney[],
  now: Date,
): Promise<number> {
  for (const { provider, amountMinor, providerRef } of taken) {
    const id = newId(now.getTime());
    await openPayment(tx, { id, ...order, provider, amountMinor }, now);
    await settleAnswer(tx, id, { state: 'captured', providerRef }, now);
  }
  return taken.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

export async function checkoutOf(db: Db, orderId: string): Promise<Checkout | undefined> {
  const found = await selectCheckout(db, orderId).executeTakeFirst();
  return found && asCheckout(found);
}

/**
 * Locks the checkout and its cart, with the next statement: the cart first, as `lockCart` does. One that ended while we
 * waited is not there then.
 */
export async function lockCheckoutAhead(tx: Tx, orderId: string): Promise<void> {
  await sql`
    select from orders.cart join orders.checkout on checkout.cart_id = cart.id where order_id = ${orderId}
    for update of cart, checkout`.execute(tx.withPlugin(GOES_AHEAD));
}

/** For the statement after that lock: whose attempt it is, and the number that its order is to have. */
export const lockedCheckout = (
  orderId: string,
): RawBuilder<{ attemptId: string; orderNumber: number } | null> => sql`(
  select json_build_object('attemptId', attempt_id, 'orderNumber', nextval('orders.order_number'))
  from orders.checkout where order_id = ${orderId})`;

const selectCheckout = (db: Db, orderId: string) =>
  own(db)
    .selectFrom('orders.cart as cart')
    .innerJoin('orders.checkout as checkout', 'checkout.cart_id', 'cart.id')
    .select([
      'order_id as orderId',
      'cart_id as cartId',
      'attempt_id as attemptId',
      'worked_on_until as workedOnUntil',
      'started_at as startedAt',
      'awaits_buyer_until as awaitsBuyerUntil',
      'draft',
    ])
    .where('order_id', '=', orderId);

/** Only `begin` writes drafts. */
const asCheckout = <Row extends { draft: unknown }>(row: Row) => ({ ...row, draft: row.draft as Draft });
