import { test as base } from '#test/harness.ts';
import type { Deps } from '#platform/module.ts';
import { buildApp } from '../src/app.ts';
import { aStripe } from './stripe-stand-in.ts';

/** With a Stripe of the file's own, and a shop that takes money by it. */
export const test = base
  .extend('stripe', { scope: 'file' }, async ({}, { onCleanup }) => {
    const stripe = await aStripe();
    onCleanup(() => stripe.close());
    return stripe;
  })
  .extend('selling', { scope: 'file' }, async ({ deps, stripe }): Promise<Deps> => ({
    ...deps,
    config: { ...deps.config, payments: { capture: 'order', stripe: stripe.settings } },
  }))
  .extend('shop', { scope: 'file' }, async ({ selling }, { onCleanup }) => {
    const app = await buildApp(selling);
    onCleanup(() => app.close());
    return app;
  });
