import type Stripe from 'stripe';
import type { Config } from '#platform/config.ts';
import type { KnownPayment, ProviderFee, ToldFees } from './provider.ts';
import { fromStripe } from './stripe-amounts.ts';
import { stripeClient } from './stripe-provider.ts';

/**
 * What Stripe took for a payment, for its refunds and where the buyer's bank took the money back: the fees of their balance transactions (docs.stripe.com/api/balance_transactions),
 * which may come some time after the money. They are in the currency of the account; where that is not the payment's, they are
 * brought back by the rate at which the payment itself was converted.
 */
export async function stripeFees(
  settings: NonNullable<Config['payments']['stripe']>,
  { providerRef, currency }: KnownPayment & { currency: string },
): Promise<ToldFees> {
  if (providerRef === null) return { fees: [], isComplete: true };
  const stripe = stripeClient(settings);
  const intent = await stripe.paymentIntents.retrieve(providerRef, {
    expand: ['latest_charge.balance_transaction'],
  });
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const told = [{ money: charge?.balance_transaction ?? null, isOfRefund: false }];
  const refunds = stripe.refunds.list({
    payment_intent: providerRef,
    limit: 100,
    expand: ['data.balance_transaction'],
  });
  for await (const { status, balance_transaction: money } of refunds) {
    if (status !== 'failed' && status !== 'canceled') told.push({ money, isOfRefund: true });
  }
  // A dispute withdraws money, and brings it back where it is won: each is a transaction of its own. A mere inquiry costs nothing.
  for await (const { status, balance_transactions: moved } of stripe.disputes.list({
    payment_intent: providerRef,
    limit: 100,
  })) {
    if (moved.length === 0 && !status.startsWith('warning_')) told.push({ money: null, isOfRefund: false });
    for (const money of moved) told.push({ money, isOfRefund: false });
  }
  const fees = told.flatMap(({ money, isOfRefund }) => feeOf(money, isOfRefund, currency));
  return { fees, isComplete: fees.length === told.length };
}

function feeOf(
  money: string | Stripe.BalanceTransaction | null,
  isOfRefund: boolean,
  currency: string,
): ProviderFee[] {
  if (money === null || typeof money === 'string') return [];
  const { id, fee, currency: paidIn, exchange_rate: rate, created } = money;
  const providerCurrency = paidIn.toUpperCase();
  const inPayment = providerCurrency === currency || !rate ? fee : fee / rate;
  return [
    {
      ref: `stripe:${id}`,
      isOfRefund,
      feeMinor: fromStripe(inPayment, currency),
      providerMinor: fromStripe(fee, providerCurrency),
      providerCurrency,
      at: new Date(created * 1000),
    },
  ];
}
