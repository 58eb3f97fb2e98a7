import {
  exchange,
  type ExchangeQuote,
  type ExchangeWish,
  ordersErrors,
  type PlacedOrder,
  quoteExchange,
  returnAs,
  returnErrors,
  type SentAway,
} from '#modules/orders/index.ts';
import { paymentsErrors } from '#modules/payments/index.ts';
import type { Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { type PlainKey, say, t } from './messages.ts';
import { type Errors, otherOf, type Typed, unitsOf, wantOf, type Wish } from './return-wish.ts';

interface Asking {
  requestId: string;
  orderId: string;
  touchpoint: string;
  cartId: string | undefined;
  typed: Typed;
  wish: Wish;
  /** How what is beside the goods is paid. */
  paying: (toPayMinor: number) => Payment | { errors: Errors };
}

type Payment = Pick<ExchangeWish, 'payments' | 'paymentToken' | 'paidElsewhere'>;

export type Asked =
  | { state: 'done'; placed?: PlacedOrder | SentAway }
  /** Nothing was done: this is what it costs, or why not. */
  | { state: 'quoted'; quote: ExchangeQuote; isChanged: boolean }
  | { state: 'refused'; status: number; errors: Errors; quote?: ExchangeQuote };

/** Asks for a return. An exchange is done only at the price that was on the page; until then the price is the answer. */
export async function askReturn(deps: Deps, viewer: Viewer, asking: Asking): Promise<Asked> {
  const { requestId: id, orderId, touchpoint, cartId, wish } = asking;
  const { wanted, seenMinor, ...asked } = wish;
  const full = { ...asked, id, orderId, touchpoint };
  const offer = { orderId, touchpoint, lines: wish.lines, wanted };
  try {
    if (wanted.length === 0) {
      const about = { cartId, days: deps.config.returnDays };
      await inTransaction(deps.db, (tx) => returnAs(tx, viewer, full, about, deps.now()));
      return { state: 'done' };
    }
    if (seenMinor === undefined)
      return { state: 'quoted', quote: await quoteExchange(deps, viewer, offer, cartId), isChanged: false };
    const paid = asking.paying(seenMinor);
    if ('errors' in paid) {
      const quote = await quoteExchange(deps, viewer, offer, cartId);
      return { state: 'refused', status: 422, errors: paid.errors, quote };
    }
    const placed = await exchange(deps, viewer, { ...full, ...paid, wanted, toPayMinor: seenMinor }, cartId);
    return { state: 'done', placed };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === ordersErrors.total_changed.code)
      return { state: 'quoted', quote: await quoteExchange(deps, viewer, offer, cartId), isChanged: true };
    const errors = errorsOf(error, asking);
    if (!errors) throw error;
    const isMoneys = PAYMENT.has(error.code);
    const quote = isMoneys ? { quote: await quoteExchange(deps, viewer, offer, cartId) } : {};
    return { state: 'refused', status: error.status, errors, ...quote };
  }
}

const PAYMENT = new Set([
  ordersErrors.payment_declined.code,
  ordersErrors.order_given_up.code,
  paymentsErrors.gift_card_unknown.code,
  paymentsErrors.credit_too_small.code,
]);

const FORM = new Map<string, PlainKey>([
  [returnErrors.return_line_unknown.code, 'return.fault.changed'],
  [returnErrors.exchange_currency.code, 'swap.fault.currency'],
  [returnErrors.exchange_unpaid.code, 'swap.fault.unpaid'],
  [returnErrors.exchange_without_address.code, 'swap.fault.address'],
  [ordersErrors.not_deliverable.code, 'swap.fault.delivery'],
  [ordersErrors.delivery_unknown.code, 'swap.fault.delivery'],
  [ordersErrors.not_collectable.code, 'swap.fault.delivery'],
  [ordersErrors.order_given_up.code, 'checkout.given_up'],
  [paymentsErrors.credit_too_small.code, 'checkout.credit.gone'],
]);

const OF_LINE = new Map<string, PlainKey>([
  [returnErrors.not_returnable.code, 'return.fault.changed'],
  [returnErrors.return_too_late.code, 'swap.fault.late'],
]);

const OF_WANTED = new Map<string, PlainKey>([
  [ordersErrors.not_enough_stock.code, 'swap.fault.stock'],
  [ordersErrors.not_sold.code, 'swap.fault.other'],
]);

/** What is wrong, beside the field that it is about; undefined for what no field can mend. */
function errorsOf({ code, data }: AppError, { wish, typed }: Asking): Errors | undefined {
  const {
    lineId = '',
    variantId = '',
    reason,
  } = data as Partial<Record<'lineId' | 'variantId' | 'reason', string>>;
  const ofLine = OF_LINE.get(code);
  if (ofLine) return { [unitsOf(lineId)]: say(ofLine) };
  const ofWanted = OF_WANTED.get(code);
  if (ofWanted) {
    const line = wish.lines.find((each) => typed[wantOf(each.lineId)] === variantId);
    return { [line ? wantOf(line.lineId) : otherOf(variantId)]: say(ofWanted) };
  }
  if (code === returnErrors.credit_for_members.code) return { refund_to: say('swap.fault.members') };
  if (code === paymentsErrors.gift_card_unknown.code) return { giftCard: say('checkout.gift_card.error') };
  if (code === ordersErrors.payment_declined.code)
    return { form: t(reason === 'card_expired' ? 'checkout.expired' : 'checkout.declined') };
  const key = FORM.get(code);
  return key && { form: say(key) };
}
