import { isExactAtStripe } from './stripe-amounts.ts';

/** What a provider says of a payment. */
export type PaymentAnswer =
  | { state: 'captured' | 'authorized'; providerRef: string }
  /** Also when it was cancelled before: no money was taken, or it went back. */
  | { state: 'declined'; reason: string }
  /** The buyer has to go there before there is anything to say. */
  | { state: 'redirect'; url: string }
  /** It is not known yet, and nobody can hasten it. */
  | { state: 'waiting' };

export interface AskedPayment {
  paymentId: string;
  amountMinor: number;
  currency: string;
  /** What the provider's own form gave the buyer's browser; we never see a card. Empty: the provider's page asks. */
  token: string;
  capture: 'now' | 'later';
  /** Where the provider sends the buyer when its own page is done. */
  returnUrl: string;
}

export interface KnownPayment {
  paymentId: string;
  providerRef: string | null;
}

/** One thing to do with a payment, by our id: asked twice it is done once. */
export interface AskedOperation extends KnownPayment {
  operationId: string;
  amountMinor: number;
  currency: string;
  /** Of a void: nothing was taken, and nothing is left to take. */
  endsIt: boolean;
}

/** What a provider took for taking money, or for giving it back. */
export interface ProviderFee {
  /** Its own name for it: told again it is the same. */
  ref: string;
  isOfRefund: boolean;
  /** In the payment's currency, to its minor unit; negative where it came back. */
  feeMinor: number;
  /** As the provider tells it, in its minor units. */
  providerMinor: number;
  providerCurrency: string;
  at: Date;
}

export interface ToldFees {
  fees: ProviderFee[];
  /** False while there is more to come. */
  isComplete: boolean;
}

export type OperationAnswer = { state: 'done'; providerRef?: string } | { state: 'refused'; reason: string };

/**
 * A payment provider, as every adapter speaks for one. It knows a payment by our id: asking twice takes the
 * money once. Its functions are never called inside a transaction.
 */
export interface PaymentProvider {
  name: string;
  /** What it calls a payment, where that follows from our id. */
  refOf?(paymentId: string): string;
  /** Makes the payment known there without taking anything, and answers by what name the provider knows it. */
  open(payment: AskedPayment): Promise<string>;
  pay(payment: AskedPayment & { providerRef: string }): Promise<PaymentAnswer>;
  /** Undefined for one that was never asked for. */
  find(payment: KnownPayment): Promise<PaymentAnswer | undefined>;
  /** Gives back what was taken; one it never heard of is refused from then on. */
  cancel(payment: KnownPayment): Promise<void>;
  capture(operation: AskedOperation): Promise<OperationAnswer>;
  void(operation: AskedOperation): Promise<OperationAnswer>;
  refund(operation: AskedOperation): Promise<OperationAnswer>;
  /** What it took for a payment whose money was taken, as far as it knows by now. Absent where it never tells. */
  fees?(payment: KnownPayment & { currency: string }): Promise<ToldFees>;
}

/** What pays with goods that come back: nobody outside is asked for it, and nothing is taken before they have come. */
export const EXCHANGE = 'exchange';

/** Whether a provider can be asked for every amount of a currency, and for every part of it. */
export const takesCurrency = (provider: string, currency: string): boolean =>
  provider !== 'stripe' || isExactAtStripe(currency);

/** Those whose first capture is the only one: what it leaves of the authorization is free again. */
export const CAPTURES_ONCE: ReadonlySet<string> = new Set(['stripe']);
