import type { Module } from '#platform/module.ts';
import { accountRoutes } from './routes/accounts.ts';
import { balanceRoutes } from './routes/balances.ts';
import { feeCorrectionRoutes } from './routes/fee-corrections.ts';
import { feeRateRoutes } from './routes/fee-rates.ts';
import { giveLimitRoutes } from './routes/give-limits.ts';
import { refusedRefundRoutes } from './routes/refused-refunds.ts';
import { refundRoutes, staffRoutes } from './routes/staff.ts';
import { stripeWebhook } from './routes/stripe-webhook.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await staffRoutes(app, deps);
  await refundRoutes(app, deps);
  await accountRoutes(app, deps);
  await giveLimitRoutes(app, deps);
  await feeRateRoutes(app, deps);
  await feeCorrectionRoutes(app, deps);
  await balanceRoutes(app, deps);
  await refusedRefundRoutes(app, deps);
  // In a context of its own: it reads bodies its own way.
  await app.register(stripeWebhook, { ...deps, prefix: '' });
};
