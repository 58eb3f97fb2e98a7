import { isDeepStrictEqual } from 'node:util';
import { mayEnter, TILL } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { idOf } from '#platform/ids.ts';
import { staffRolesOf } from '../identity/index.ts';
import { locations } from '../inventory/index.ts';
import { handOverAtCounter } from '../fulfilment/index.ts';
import {
  type Address,
  askForReceipt,
  type CounterDelivery,
  type CounterLine,
  lookingAgain,
  ordersErrors,
  sellAtCounter,
  type TakenMoney,
} from '../orders/index.ts';
import { CASH, type CreditWish, EXTERNAL } from '../payments/index.ts';
import { variantIdsOfCodes } from '../catalog/index.ts';
import { conflictsOf, keepConflicts, type StockConflict } from './conflicts.ts';
import { type Asking, customerOf, type CustomerWish } from './customer.ts';
import { enterInDrawer } from './drawer.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';
import { requestHashOf } from './request-hash.ts';
import { counterOf, type Register } from './registers.ts';
import { shiftOfSale } from './shifts.ts';

export type SalePayment =
  | { kind: 'cash'; amountMinor: number; tenderedMinor: number }
  | { kind: 'card'; amountMinor: number; reference: string }
  | { kind: 'gift_card'; amountMinor: number; code: string }
  | { kind: 'store_credit'; amountMinor: number };

export type SaleLine = Omit<CounterLine, 'variantId'> & ({ variantId: string } | { code: string });

export type SaleDelivery =
  | { kind: 'counter' }
  | {
      kind: 'pickup';
      deliveryCode: string;
      locationId: string;
      contact: Pick<Address, 'name' | 'email' | 'phone'>;
    }
  | { kind: 'ship'; deliveryCode: string; address: Address };

export interface SaleWish {
  /** Made by the caller, so that a retry is the same sale. */
  saleId: string;
  registerId: string;
  /** Of a sale made while the connection was lost: it has happened. */
  soldAt?: string;
  /** Who made it then. */
  associateId?: string;
  customer?: CustomerWish;
  /** Where the receipt goes that the buyer wants by mail. */
  receiptEmail?: string;
  postcode?: string;
  lines: readonly SaleLine[];
  codes?: readonly string[];
  /** What promotions took off, of a sale that has happened. */
  granted?: readonly { promotionId: string; amountMinor: number }[];
  delivery: SaleDelivery;
  /** What was shown. */
  totalMinor: number;
  payments: readonly SalePayment[];
}

export interface EnteredSale {
  saleId: string;
  number: string;
  totalMinor: number;
  currency: string;
  changeMinor: number;
  /** RFC 3339. */
  soldAt: string;
  conflicts: StockConflict[];
  /** Of an exchange: what was given out of the drawer. */
  cashBackMinor?: number;
}

const DAYS_BACK_MAX = 7;
const CLOCK_MINUTES = 5;

/**
 * Enters a sale at a register: order, payments, stock, handing over and drawer in one transaction, for the money is there
 * and nobody outside is asked. The same sale again is a retry, and is answered as it was.
 */
export async function enterSale(deps: Asking, memberId: string, wish: SaleWish): Promise<EnteredSale> {
  const { db, config, now } = deps;
  const known = await answered(db, wish, requestHashOf(wish));
  if (known) return known;
  const customerId = await buyerOf(deps, memberId, wish);
  const facts = { memberId, customerId, timeZone: config.timeZone };
  const work = () => inTransaction(db, (tx) => enter(tx, facts, wish, now()));
  // What lies beside the counter is not looked for elsewhere.
  return wish.delivery.kind === 'counter' ? work() : lookingAgain(work);
}

async function enter(
  tx: Tx,
  { memberId, customerId, timeZone }: { memberId: string; customerId: string | null; timeZone: string },
  wish: SaleWish,
  now: Date,
): Promise<EnteredSale> {
  const { saleId, totalMinor } = wish;
  const soldAt = momentOf(wish, now);
  const known = await claim(tx, wish, soldAt, now);
  if (known) return known;
  const hasHappened = wish.soldAt !== undefined;
  const { register, store } = await counterOf(tx, wish.registerId, { hasHappened });
  const shift = await shiftOfSale(tx, register.id, hasHappened ? soldAt : undefined);
  const associateId = await associateOf(tx, wish, memberId);
  const lines = await linesOf(tx, wish.lines);
  const { payments, taken } = moneyOf(wish);
  const delivery = await deliveryOf(tx, wish.delivery);
  const { number } = await sellAtCounter(
    tx,
    {
      orderId: saleId,
      currency: register.currency,
      memberId: customerId,
      codes: wish.codes ?? [],
      lines,
      touchpoint: 'till',
      associateId,
      counter: { locationId: store.id, timeZone: store.timeZone },
      at: { countryCode: store.countryCode, postcode: wish.postcode ?? store.postcode },
      storeAt: { countryCode: store.countryCode, postcode: store.postcode },
      delivery,
      totalMinor,
      payments,
      taken,
      soldAt,
      hasHappened,
      granted: (hasHappened && wish.granted) || [],
    },
    timeZone,
  );
  if (wish.receiptEmail !== undefined) await askForReceipt(tx, saleId, wish.receiptEmail);
  const conflicts = hasHappened ? await conflictsOf(tx, store.id, lines) : [];
  if (delivery.kind === 'counter')
    await handOverAtCounter(tx, { orderId: saleId, actorId: associateId }, soldAt);
  await keepConflicts(tx, { saleId, registerId: register.id }, conflicts, now);
  const cashMinor = await notePayments(tx, wish);
  if (cashMinor > 0) {
    const entry = { id: idOf('till:sale', saleId), kind: 'sale' as const, amountMinor: cashMinor };
    await enterInDrawer(tx, shift, { ...entry, orderId: saleId, actorId: associateId }, now);
  }
  const answer = { ...answerOf(wish, register, soldAt), number, conflicts };
  await noteAnswer(tx, answer, { shiftId: shift.id, associateId });
  return answer;
}

/** What a retry is answered with, and in which shift and by whom it was sold. */
export async function noteAnswer(
  tx: Tx,
  answer: EnteredSale,
  { shiftId, associateId }: Record<'shiftId' | 'associateId', string>,
): Promise<void> {
  await own(tx)
    .updateTable('till.sale')
    .set({ shift_id: shiftId, associate_id: associateId, answer: JSON.stringify(answer) })
    .where('order_id', '=', answer.saleId)
    .execute();
}

export const answerOf = (
  { saleId, totalMinor, payments }: Pick<SaleWish, 'saleId' | 'totalMinor' | 'payments'>,
  { currency }: Register,
  soldAt: Date,
) => ({
  saleId,
  totalMinor,
  currency,
  changeMinor: payments.reduce(
    (sum, each) => sum + (each.kind === 'cash' ? each.tenderedMinor - each.amountMinor : 0),
    0,
  ),
  soldAt: soldAt.toISOString(),
});

function momentOf({ soldAt, delivery }: SaleWish, now: Date): Date {
  if (soldAt === undefined) return now;
  if (delivery.kind !== 'counter') throw tillErrors.not_agreed({});
  const at = new Date(soldAt);
  if (at.getTime() > now.getTime() + CLOCK_MINUTES * 60_000) throw tillErrors.sold_in_the_future({});
  if (at.getTime() < now.getTime() - DAYS_BACK_MAX * 86_400_000)
    throw tillErrors.sold_too_long_ago({ daysMax: DAYS_BACK_MAX });
  return at;
}

/** What a sale's row is made of; the rest of what was asked for makes the sale another one. */
type Claimed = Pick<SaleWish, 'saleId' | 'registerId' | 'soldAt'>;

/** Answers what was answered before; undefined when the id is ours to use. Of several at once the others wait here. */
export async function claim(
  tx: Tx,
  wish: Claimed,
  soldAt: Date,
  now: Date,
): Promise<EnteredSale | undefined> {
  const { saleId, registerId } = wish;
  const requestHash = requestHashOf(wish);
  await counterOf(tx, registerId, { hasHappened: wish.soldAt !== undefined });
  const facts = { register_id: registerId, sold_at: soldAt, entered_at: now, request_hash: requestHash };
  const isOurs = await own(tx)
    .insertInto('till.sale')
    .values({ order_id: saleId, ...facts, has_happened: wish.soldAt !== undefined })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst();
  if (isOurs) return undefined;
  const known = await answered(tx, wish, requestHash);
  if (!known) throw tillErrors.sale_differs({ saleId });
  return known;
}

async function answered(db: Db, { saleId }: Claimed, requestHash: Buffer): Promise<EnteredSale | undefined> {
  const known = await own(db)
    .selectFrom('till.sale')
    .select(['request_hash as requestHash', 'answer'])
    .where('order_id', '=', saleId)
    .executeTakeFirst();
  if (!known) return undefined;
  if (!known.answer || !isDeepStrictEqual(known.requestHash, requestHash))
    throw tillErrors.sale_differs({ saleId });
  return known.answer as unknown as EnteredSale; // only `enter` writes answers
}

async function associateOf(db: Db, { associateId }: SaleWish, memberId: string): Promise<string> {
  if (associateId === undefined || associateId === memberId) return memberId;
  const staffRoles = await staffRolesOf(db, associateId);
  if (!mayEnter({ kind: 'member', staffRoles, scopes: [] }, TILL))
    throw tillErrors.associate_unknown({ associateId });
  return associateId;
}

/** A sale that has happened is entered even if nobody goes by that address or code any more. */
async function buyerOf(deps: Asking, memberId: string, { customer, soldAt }: SaleWish) {
  try {
    return await customerOf(deps, memberId, customer);
  } catch (error) {
    if (soldAt !== undefined && error instanceof AppError && error.code === tillErrors.customer_unknown.code)
      return null;
    throw error;
  }
}

async function linesOf(db: Db, lines: readonly SaleLine[]): Promise<CounterLine[]> {
  const codes = lines.flatMap((line) => ('code' in line ? [line.code] : []));
  const ids = await variantIdsOfCodes(db, codes);
  const found = lines.map(({ quantity, agreed, ...line }): CounterLine => {
    const variantId = 'code' in line ? ids.get(line.code) : line.variantId;
    if (variantId === undefined) throw tillErrors.code_unknown({ code: 'code' in line ? line.code : '' });
    return { variantId, quantity, ...(agreed && { agreed }) };
  });
  const seen = new Set<string>();
  for (const { variantId } of found) {
    if (seen.has(variantId)) throw tillErrors.line_twice({ variantId });
    seen.add(variantId);
  }
  return found;
}

/** What is ours to spend is held like in any checkout; notes and cards have been taken. */
export function moneyOf({
  saleId,
  totalMinor,
  payments,
}: Pick<SaleWish, 'saleId' | 'totalMinor' | 'payments'>): {
  payments: CreditWish[];
  taken: TakenMoney[];
} {
  const paidMinor = payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (paidMinor !== totalMinor) throw tillErrors.payments_differ({ totalMinor, paidMinor });
  const credits: CreditWish[] = [];
  const taken: TakenMoney[] = [];
  for (const [index, payment] of payments.entries()) {
    const { amountMinor } = payment;
    const ref = `till:${saleId}:${index + 1}`;
    if (payment.kind === 'cash') {
      const { tenderedMinor } = payment;
      if (tenderedMinor < amountMinor) throw tillErrors.tendered_too_little({ amountMinor, tenderedMinor });
      taken.push({ provider: CASH, amountMinor, providerRef: ref });
    } else if (payment.kind === 'card') {
      taken.push({ provider: EXTERNAL, amountMinor, providerRef: `${ref}:${payment.reference}` });
    } else credits.push(payment);
  }
  return { payments: credits, taken };
}

/** Answers what went into the drawer. */
export async function notePayments(
  tx: Tx,
  { saleId, payments }: Pick<SaleWish, 'saleId' | 'payments'>,
): Promise<number> {
  if (payments.length === 0) return 0;
  const rows = payments.map((payment, index) => ({
    order_id: saleId,
    position: index + 1,
    kind: payment.kind,
    amount_minor: payment.amountMinor,
    tendered_minor: payment.kind === 'cash' ? payment.tenderedMinor : null,
  }));
  await own(tx).insertInto('till.sale_payment').values(rows).execute();
  return payments.reduce((sum, { kind, amountMinor }) => sum + (kind === 'cash' ? amountMinor : 0), 0);
}

/** What is collected elsewhere has its store's address: nobody is asked where they live to be told that it is ready. */
async function deliveryOf(db: Db, delivery: SaleDelivery): Promise<CounterDelivery> {
  if (delivery.kind !== 'pickup') return delivery;
  const { deliveryCode, locationId: pickupLocationId, contact } = delivery;
  const store = (await locations(db)).find(({ id }) => id === pickupLocationId);
  if (!store) throw ordersErrors.not_collectable({ pickupLocationId });
  const { street, postcode, city, countryCode } = store;
  const address = { ...contact, street, postcode, city, countryCode };
  return { kind: 'pickup', deliveryCode, pickupLocationId, address };
}
