import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { identityErrors } from '../../identity/index.ts';
import { accountEntries, creditsOfMember, giftCardBalance } from '../account-book.ts';
import { paymentsErrors } from '../errors.ts';

const Time = Type.String({ format: 'date-time' });
const TOLD_MAX = 100;

/** What buyers may ask: what is left on a card whose code they know, and their own credit. */
export const balanceRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.post(
    '/gift-card-balance',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'askGiftCardBalance',
        description: 'What is left on a gift card, by its code. Tries from one address are few.',
        body: exactly({ code: Type.String({ minLength: 1, maxLength: 60 }) }),
        response: {
          200: Type.Object({
            currency: Type.String(),
            balanceMinor: Type.Integer(),
            expiresAt: Type.Union([Time, Type.Null()]),
          }),
          ...problems(paymentsErrors.gift_card_unknown, identityErrors.too_many_attempts),
        },
      },
    },
    async ({ body: { code }, ip }) => {
      const card = await giftCardBalance(deps, code, ip);
      return { ...card, expiresAt: card.expiresAt?.toISOString() ?? null };
    },
  );

  app.get(
    '/me/store-credit',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'getMyStoreCredit',
        description: 'The member’s own credit in each currency, with the newest of its history.',
        response: {
          200: Type.Object({
            credits: Type.Array(
              Type.Object({
                currency: Type.String(),
                balanceMinor: Type.Integer(),
                entries: Type.Array(
                  Type.Object({
                    kind: Type.String(),
                    amountMinor: Type.Integer(),
                    orderId: Type.Union([Id, Type.Null()]),
                    occurredAt: Time,
                  }),
                ),
              }),
            ),
          }),
        },
      },
    },
    async ({ viewer: { memberId = '' } }) => {
      const credits = await creditsOfMember(deps.db, memberId);
      return {
        credits: await Promise.all(
          credits.map(async ({ id, currency, balanceMinor }) => {
            const entries = await accountEntries(deps.db, id, TOLD_MAX);
            return {
              currency,
              balanceMinor,
              entries: entries.map((entry) => ({ ...entry, occurredAt: entry.occurredAt.toISOString() })),
            };
          }),
        ),
      };
    },
  );
};
