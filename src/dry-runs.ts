import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { DRY_RUN_DAYS_MAX, dryRun } from '#read/dry-run.ts';
import { routingErrors, RuleSet } from './modules/routing/index.ts';

const Share = Type.Union([Type.Number(), Type.Null()]);
const Outcome = Type.Object({
  orders: Type.Integer(),
  units: Type.Integer(),
  fillRate: Share,
  onTime: Share,
  costMinor: Type.Integer(),
  splitShare: Share,
  unfillable: Type.Integer({ description: 'orders of which something could not be given' }),
  parcels: Type.Integer(),
});
const Moment = Type.String({ format: 'date-time' });
const DAY_MS = 86_400_000;
/** Each reads a month and keeps a processor busy for seconds. */
const TRIES = { max: 6, timeWindow: 60_000, groupId: 'dry-run' };

/** Here, since it joins what orders, stock and routing know. */
export const dryRunRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.post(
    '/v1/routing/dry-runs',
    {
      config: { access: ['staff:admin', 'staff:operations'], rateLimit: TRIES },
      schema: {
        operationId: 'dryRunRules',
        tags: ['routing'],
        description: 'What rules would have made of the orders of a period, beside what those in force do.',
        body: exactly({ rules: RuleSet, from: Moment, to: Moment }),
        response: {
          200: Type.Object({
            today: Outcome,
            tried: Outcome,
            isCut: Type.Boolean({
              description: 'there were more orders than are tried: the last are left out',
            }),
          }),
          ...problems(
            routingErrors.period_unfit,
            platformErrors.too_many_requests,
            platformErrors.sign_in_required,
            platformErrors.not_allowed,
          ),
        },
      },
    },
    async ({ body: { rules, from, to } }) => {
      const period = { from: new Date(from), to: new Date(to) };
      const days = (period.to.getTime() - period.from.getTime()) / DAY_MS;
      if (!(days > 0 && days <= DRY_RUN_DAYS_MAX))
        throw routingErrors.period_unfit({ daysMax: DRY_RUN_DAYS_MAX });
      return dryRun(reads, rules, period);
    },
  );
};
