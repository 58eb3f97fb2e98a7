import assert from 'node:assert/strict';
import type { PaymentProvider } from './provider.ts';

/** The provider of what is paid elsewhere: a marketplace, another shop. */
export const EXTERNAL = 'external';

/**
 * We only note what was agreed elsewhere: what we let go or give back is done there by whoever took the money, who
 * hears of it from our events. Nothing is ever asked of it before the money was taken or promised.
 */
export const externalProvider: PaymentProvider = {
  name: EXTERNAL,
  open: async () => assert.fail('a payment of elsewhere is not opened here'),
  pay: async () => assert.fail('a payment of elsewhere is not made here'),
  find: async () => undefined,
  cancel: async () => {},
  capture: async () => ({ state: 'done' }),
  void: async () => ({ state: 'done' }),
  refund: async () => ({ state: 'done' }),
};
