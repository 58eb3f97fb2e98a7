import type { Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { type Account, creditOf, giftCardWith, holdCredit } from './accounts.ts';
import { paymentsErrors } from './errors.ts';
import { openPayment, settleAnswer } from './payment.ts';

/** A means of payment that is ours: it is spent before the provider is asked for the rest. */
export interface CreditWish {
  kind: 'gift_card' | 'store_credit';
  /** Of a gift card. */
  code?: string;
  /** As much as is there and needed, where it is not told. */
  amountMinor?: number;
}

interface Spending {
  orderId: string;
  attemptId: string;
  customerId: string | undefined;
  totalMinor: number;
  currency: string;
}

/** Holds what the buyer wants to spend of gift cards and credit. Answers what is left to pay. */
export async function holdParts(
  tx: Tx,
  { orderId, attemptId, customerId, totalMinor, currency }: Spending,
  wishes: readonly CreditWish[],
  now: Date,
): Promise<number> {
  const parts: { account: Account; amountMinor: number }[] = [];
  let rest = totalMinor;
  for (const wish of wishes) {
    const account = await accountOf(tx, wish, customerId, currency, now);
    if (parts.some((part) => part.account.id === account.id)) continue;
    const amountMinor = Math.min(rest, wish.amountMinor ?? account.balanceMinor);
    if (amountMinor > 0) parts.push({ account, amountMinor });
    rest -= amountMinor;
  }
  // One order for all: two checkouts with the same two cards never wait for each other.
  parts.sort((a, b) => (a.account.id < b.account.id ? -1 : 1));
  for (const { account, amountMinor } of parts) {
    const id = newId(now.getTime());
    await openPayment(
      tx,
      { id, orderId, attemptId, provider: account.kind, accountId: account.id, amountMinor, currency },
      now,
    );
    await holdCredit(tx, account, { paymentId: id, amountMinor }, now);
    await settleAnswer(tx, id, { state: 'authorized', providerRef: id }, now);
  }
  return rest;
}

async function accountOf(
  tx: Tx,
  { kind, code = '' }: CreditWish,
  customerId: string | undefined,
  currency: string,
  now: Date,
): Promise<Account> {
  if (kind === 'gift_card') return giftCardWith(tx, code, currency, now);
  const credit = customerId === undefined ? undefined : await creditOf(tx, customerId, currency);
  if (!credit || credit.balanceMinor === 0) throw paymentsErrors.credit_too_small({ leftMinor: 0, currency });
  return credit;
}
