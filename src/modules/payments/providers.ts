import assert from 'node:assert/strict';
import type { Deps } from '#platform/module.ts';
import { EXTERNAL, externalProvider } from './external-provider.ts';
import type { PaymentProvider } from './provider.ts';
import { stripeProvider } from './stripe-provider.ts';
import { testProvider } from './test-provider.ts';

type Needs = Pick<Deps, 'db' | 'config'>;

/** The provider by whose name a payment was opened. */
export function providerNamed({ db, config }: Needs, name: string): PaymentProvider {
  const { stripe } = config.payments;
  if (name === 'stripe' && stripe) return stripeProvider(stripe);
  if (name === EXTERNAL) return externalProvider;
  assert.equal(name, 'test', `the provider ${name} is not configured`);
  return testProvider(db);
}

/** The one that new payments are asked of. */
export const providerInUse = (deps: Needs): PaymentProvider =>
  providerNamed(deps, deps.config.payments.stripe ? 'stripe' : 'test');
