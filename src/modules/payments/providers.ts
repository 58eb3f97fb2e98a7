import assert from 'node:assert/strict';
import type { Deps } from '#platform/module.ts';
import type { PaymentProvider } from './provider.ts';
import { testProvider } from './test-provider.ts';

type Needs = Pick<Deps, 'db' | 'config'>;

/** The provider by whose name a payment was opened. */
export function providerNamed({ db }: Needs, name: string): PaymentProvider {
  assert.equal(name, 'test');
  return testProvider(db);
}

/** The one that new payments are asked of. */
export const providerInUse = (deps: Needs): PaymentProvider => providerNamed(deps, 'test');
