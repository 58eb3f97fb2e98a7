import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { giveLimits, setGiveLimit } from '../give-limit.ts';

const Limit = Type.Object({ currency: Type.String(), aDayMinor: Type.Integer() });

/** How much one who serves buyers may give in a day. */
export const giveLimitRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/give-limits',
    {
      config: { access: ['staff:service', 'staff:operations'] },
      schema: {
        operationId: 'listGiveLimits',
        description:
          'What each of those who serve buyers may give in a day, cards and credit together. 10000 where a currency is missing.',
        response: { 200: Type.Object({ limits: Type.Array(Limit) }) },
      },
    },
    async () => ({ limits: await giveLimits(db) }),
  );

  app.put(
    '/give-limits/:currency',
    {
      config: { access: 'staff:operations' },
      schema: {
        operationId: 'setGiveLimit',
        params: exactly({ currency: Currency }),
        body: exactly({ aDayMinor: Type.Integer({ minimum: 0, maximum: 100_000_000 }) }),
        response: { 200: Limit },
      },
    },
    async ({ viewer, params: { currency }, body: { aDayMinor } }) => {
      await inTransaction(db, (tx) => setGiveLimit(tx, viewer, { currency, aDayMinor }, now()));
      return { currency, aDayMinor };
    },
  );
};
