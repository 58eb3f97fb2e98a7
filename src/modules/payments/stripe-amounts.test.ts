import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalsOf } from '#platform/money.ts';
import { aStripe } from '#test/stripe-stand-in.ts';
import { takesCurrency } from './provider.ts';
import { stripeAmount } from './stripe-amounts.ts';
import { stripeProvider } from './stripe-provider.ts';

test('amounts are in the units that Stripe publishes for the currency', () => {
  const asked = (currency: string, amountMinor: number) => stripeAmount(amountMinor, currency);
  expect(asked('EUR', 1234)).toBe(1234);
  expect(asked('JPY', 500)).toBe(500);
  expect(asked('TWD', 80_045)).toBe(80_045);
  // Their books have no hundredths; Stripe wants them, as 00.
  expect(decimalsOf('ISK')).toBe(0);
  for (const currency of ['ISK', 'UGX']) expect(asked(currency, 5)).toBe(500);
});

test('are asked for, taken and given back in the same units', async () => {
  const stripe = await aStripe();
  await using _closing = { [Symbol.asyncDispose]: () => stripe.close() };
  const provider = stripeProvider(stripe.settings);
  const paymentId = randomUUID();
  const payment = {
    paymentId,
    amountMinor: 7,
    currency: 'ISK',
    token: 'pm_card_visa',
    returnUrl: 'https://x.test',
  };
  const providerRef = await provider.open({ ...payment, capture: 'later' });
  await provider.pay({ ...payment, capture: 'later', providerRef });
  const part = { paymentId, providerRef, currency: 'ISK', endsIt: false };
  await provider.capture({ ...part, operationId: randomUUID(), amountMinor: 5 });
  await provider.refund({ ...part, operationId: randomUUID(), amountMinor: 2 });
  expect(stripe.intentOf(paymentId)).toMatchObject({ currency: 'isk', amount: 700, amount_received: 500 });
  expect(stripe.refunds).toEqual([{ payment_intent: providerRef, amount: 200 }]);
});

test('a currency of which a part may not be told is not taken, whatever the amount', () => {
  const refused = Intl.supportedValuesOf('currency').filter((currency) => !takesCurrency('stripe', currency));
  expect(refused).toEqual(expect.arrayContaining(['BHD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']));
  for (const currency of refused) expect(decimalsOf(currency)).toBeGreaterThan(2);
  expect(() => stripeAmount(5120, 'KWD')).toThrow('KWD');
  expect(takesCurrency('cash', 'KWD')).toBe(true);
});

test('parts add up there as they do here', () => {
  const currencies = Intl.supportedValuesOf('currency').filter((each) => takesCurrency('stripe', each));
  fc.assert(
    fc.property(fc.constantFrom(...currencies), fc.array(fc.nat(10 ** 9)), (currency, parts) => {
      const sum = (amounts: number[]) => amounts.reduce((total, each) => total + each, 0);
      expect(sum(parts.map((part) => stripeAmount(part, currency)))).toBe(stripeAmount(sum(parts), currency));
    }),
  );
});
