import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { record } from '../identity/index.ts';
import { handOverAtCounter } from '../fulfilment/index.ts';
import {
  exchangeAtCounter,
  type ExchangeQuote,
  orderInExchange,
  quoteExchangeAtCounter,
  type ReturnWish,
  takeReturnStep,
} from '../orders/index.ts';
import { enterInDrawer, lockForCashBack, payBackCash } from './drawer.ts';
import { counterOf } from './registers.ts';
import {
  answerOf,
  claim,
  type EnteredSale,
  moneyOf,
  noteAnswer,
  notePayments,
  type SalePayment,
} from './sale.ts';
import { shiftOfSale } from './shifts.ts';
import { type TakenLine, unitsOf } from './take-back.ts';

/** Goods that are brought, and what is carried away in their place. */
export interface ExchangeOffer {
  registerId: string;
  orderId: string;
  /** What the buyer would keep is not exchanged. */
  lines: readonly (Omit<TakenLine, 'found'> & { found: 'restock' | 'damage' })[];
  wanted: readonly { variantId: string; quantity: number }[];
  memberId: string;
}

export interface Exchanging extends ExchangeOffer {
  /** Made by the caller, so that a retry is the same exchange: the return's. */
  id: string;
  /** How goes back what the goods are worth beyond what is wanted. */
  refundTo: ReturnWish['refundTo'];
  /** What the buyer was told is to be paid beside the goods. */
  toPayMinor: number;
  payments: readonly Extract<SalePayment, { kind: 'cash' | 'card' }>[];
}

async function offerOf(tx: Tx, { registerId, orderId, lines, wanted, memberId }: ExchangeOffer) {
  const { register, store } = await counterOf(tx, registerId);
  const { id: locationId, timeZone, countryCode, postcode } = store;
  const carriedFrom = {
    counter: { locationId, timeZone },
    at: { countryCode, postcode },
    associateId: memberId,
  };
  return {
    register,
    offer: { orderId, lines, touchpoint: 'till', wanted, currency: register.currency, carriedFrom },
  };
}

export async function quoteExchangeAtTill(
  tx: Tx,
  wish: ExchangeOffer,
  now: Date,
  timeZone: string,
): Promise<ExchangeQuote> {
  const { offer } = await offerOf(tx, wish);
  return quoteExchangeAtCounter(tx, offer, now, timeZone);
}

/**
 * Takes goods back and hands others over in their place: return, order, money and stock in one transaction, or nothing.
 * What is to be paid beside them comes into this drawer or by card; what is left of their worth goes back.
 */
export async function exchangeAtTill(
  tx: Tx,
  wish: Exchanging,
  now: Date,
  timeZone: string,
): Promise<EnteredSale> {
  const { memberId, ...asked } = wish;
  const { id, registerId, orderId, lines, refundTo, toPayMinor, payments } = asked;
  const saleId = orderInExchange(id);
  // A colleague who asks again asks for the same.
  const known = await claim(tx, { ...asked, saleId }, now, now);
  if (known) return known;
  const actor = `member:${memberId}` as const;
  const { register, offer } = await offerOf(tx, wish);
  await lockForCashBack(tx, { registerId, orderId });
  const shift = await shiftOfSale(tx, registerId, undefined);
  const { taken } = moneyOf({ saleId, totalMinor: toPayMinor, payments });
  const exchanged = { ...offer, id, kind: 'return' as const, refundTo, toPayMinor, taken };
  const { number } = await exchangeAtCounter(tx, exchanged, actor, now, timeZone);
  const step = (to: 'received' | 'inspected') => ({
    id: idOf(`till:exchanged_${to}`, id),
    requestId: id,
    to,
    actor,
  });
  await takeReturnStep(tx, { ...step('received'), locationId: register.locationId }, now);
  const found = lines.map((line) => ({ lineId: line.lineId, ...unitsOf(line) }));
  await takeReturnStep(tx, { ...step('inspected'), lines: found }, now);
  await handOverAtCounter(tx, { orderId: saleId, actorId: memberId }, now);
  const cashMinor = await notePayments(tx, { saleId, payments });
  if (cashMinor > 0) {
    const entry = { id: idOf('till:sale', saleId), kind: 'sale' as const, amountMinor: cashMinor };
    await enterInDrawer(tx, shift, { ...entry, orderId: saleId, actorId: memberId }, now);
  }
  const cashBackMinor =
    refundTo === 'original'
      ? (await payBackCash(tx, { registerId, orderId, actorId: memberId }, now)).amountMinor
      : 0;
  const answer = {
    ...answerOf({ saleId, totalMinor: toPayMinor, payments }, register, now),
    number,
    conflicts: [],
    cashBackMinor,
  };
  await noteAnswer(tx, answer, { shiftId: shift.id, associateId: memberId });
  const facts = { registerId, orderId, refundTo, cashMinor: cashBackMinor, inExchange: saleId };
  await record(tx, actor, 'goods_taken_in', `return:${id}`, facts);
  return answer;
}
