/** What a provider says of a payment. `declined` also when it was cancelled before: no money was taken, or it went back. */
export type PaymentAnswer =
  | { state: 'captured'; providerRef: string }
  | { state: 'declined'; reason: string };

/**
 * A payment provider, as every adapter speaks for one. It knows a payment by our id: asking twice takes the
 * money once. Its functions are never called inside a transaction.
 */
export interface PaymentProvider {
  name: string;
  pay(payment: {
    paymentId: string;
    amountMinor: number;
    currency: string;
    /** What the provider's own form gave the buyer's browser; we never see a card. */
    token: string;
  }): Promise<PaymentAnswer>;
  /** Undefined for one it never heard of. */
  find(paymentId: string): Promise<PaymentAnswer | undefined>;
  /** Gives back what was taken; one it never heard of is refused from then on. */
  cancel(paymentId: string): Promise<void>;
}
