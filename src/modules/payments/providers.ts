import assert from 'node:assert/strict';
import type { Config } from '#platform/config.ts';
import type { Deps } from '#platform/module.ts';
import { CASH, cashProvider } from './cash-provider.ts';
import { EXTERNAL, externalProvider } from './external-provider.ts';
import { EXCHANGE, type PaymentProvider } from './provider.ts';
import { testProvider } from './test-provider.ts';

type Needs = Pick<Deps, 'db' | 'config'>;

/** Those who tell what they took for a payment. */
export const REPORTING: ReadonlySet<string> = new Set(['stripe']);

/** The provider by whose name a payment was opened. */
export function providerNamed({ db, config }: Needs, name: string): PaymentProvider {
  const { stripe } = config.payments;
  if (name === 'stripe' && stripe) return loadedStripe(stripe);
  if (name === EXTERNAL) return externalProvider;
  if (name === CASH) return cashProvider;
  if (name === EXCHANGE) return { ...externalProvider, name };
  assert.equal(name, 'test', `the provider ${name} is not configured`);
  return testProvider(db);
}

/** Its package takes 36 MB: loaded with the first payment, where a shop has it at all. */
function loadedStripe(settings: NonNullable<Config['payments']['stripe']>): PaymentProvider {
  const stripe = async () => (await import('./stripe-provider.ts')).stripeProvider(settings);
  return {
    name: 'stripe',
    open: async (payment) => (await stripe()).open(payment),
    pay: async (payment) => (await stripe()).pay(payment),
    find: async (payment) => (await stripe()).find(payment),
    cancel: async (payment) => (await stripe()).cancel(payment),
    capture: async (operation) => (await stripe()).capture(operation),
    void: async (operation) => (await stripe()).void(operation),
    refund: async (operation) => (await stripe()).refund(operation),
    fees: async (payment) => (await import('./stripe-fees.ts')).stripeFees(settings, payment),
  };
}

/** The one that new payments are asked of. */
export const providerInUse = (deps: Needs): PaymentProvider =>
  providerNamed(deps, deps.config.payments.stripe ? 'stripe' : 'test');
