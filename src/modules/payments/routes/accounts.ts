import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { blockAccount, correctAccount } from '../account-acts.ts';
import {
  type AccountEntry,
  accountById,
  accountEntries,
  creditsOfMember,
  giftCards,
  type KeptAccount,
} from '../account-book.ts';
import { paymentsErrors } from '../errors.ts';

const READERS = ['staff:service', 'staff:operations'] as const;
const CORRECTORS = 'staff:operations';
const LISTED_MAX = 100;
const ById = exactly({ id: Id });
const Time = Type.String({ format: 'date-time' });
const Reason = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'names nobody' });
const Amount = Type.Integer({ minimum: -100_000_000, maximum: 100_000_000, not: { const: 0 } });

const Account = Type.Object({
  id: Id,
  kind: Type.Enum(['gift_card', 'store_credit']),
  currency: Type.String(),
  balanceMinor: Type.Integer(),
  codeEnd: Type.Union([Type.String(), Type.Null()]),
  isBlocked: Type.Boolean(),
  expiresAt: Type.Union([Time, Type.Null()]),
  createdAt: Time,
});

const Entry = Type.Object({
  kind: Type.Enum(['issued', 'granted', 'held', 'returned', 'refunded', 'corrected', 'blocked', 'freed']),
  amountMinor: Type.Integer(),
  reason: Type.String(),
  actor: Type.String(),
  orderId: Type.Union([Id, Type.Null()]),
  occurredAt: Time,
});

const shown = (account: KeptAccount) => ({
  ...account,
  expiresAt: account.expiresAt?.toISOString() ?? null,
  createdAt: account.createdAt.toISOString(),
});
const told = (entry: AccountEntry) => ({ ...entry, occurredAt: entry.occurredAt.toISOString() });

/** Gift cards and store credit as staff see them, and what they do about one. */
export const accountRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  await readingRoutes(app, deps);
  await actingRoutes(app, deps);
};

const readingRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/gift-cards',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listGiftCards',
        description:
          'Gift cards, the newest first: by code or its last four characters, or by an order they paid for.',
        querystring: exactly({
          code: Type.Optional(Type.String({ minLength: 4, maxLength: 40 })),
          orderId: Type.Optional(Id),
          after: Type.Optional(Id),
        }),
        response: { 200: Type.Object({ giftCards: Type.Array(Account) }) },
      },
    },
    async ({ query: { code, orderId, after } }) => {
      const orderIds = orderId === undefined ? undefined : [orderId];
      const found = await giftCards(db, { code, orderIds, after, limit: LISTED_MAX });
      return { giftCards: found.map(shown) };
    },
  );

  app.get(
    '/accounts/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getAccount',
        description: 'A gift card or a store credit with the newest of its ledger.',
        params: ById,
        response: {
          200: Type.Object({ account: Account, entries: Type.Array(Entry) }),
          ...problems(paymentsErrors.account_unknown),
        },
      },
    },
    async ({ params: { id } }) => ({
      account: shown(await accountById(db, id)),
      entries: (await accountEntries(db, id, LISTED_MAX)).map(told),
    }),
  );

  app.get(
    '/members/:id/store-credit',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getStoreCredit',
        description: 'A member’s store credit in each currency.',
        params: ById,
        response: { 200: Type.Object({ credits: Type.Array(Account) }) },
      },
    },
    async ({ params: { id } }) => ({ credits: (await creditsOfMember(db, id)).map(shown) }),
  );
};

const actingRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/accounts/:id/block',
    {
      config: { access: READERS },
      schema: {
        operationId: 'blockAccount',
        description: 'Stops it from being spent. Blocked already, it stays so.',
        params: ById,
        body: exactly({ reason: Reason }),
        response: { 200: ById, ...problems(paymentsErrors.account_unknown) },
      },
    },
    async ({ viewer, params: { id }, body: { reason } }) => {
      await inTransaction(db, (tx) =>
        blockAccount(tx, viewer, { accountId: id, isBlocked: true, reason }, now()),
      );
      return { id };
    },
  );

  app.put(
    '/accounts/:id/release',
    {
      config: { access: CORRECTORS },
      schema: {
        operationId: 'freeAccount',
        description: 'Lets what was blocked be spent again.',
        params: ById,
        body: exactly({ reason: Reason }),
        response: { 200: ById, ...problems(paymentsErrors.account_unknown) },
      },
    },
    async ({ viewer, params: { id }, body: { reason } }) => {
      await inTransaction(db, (tx) =>
        blockAccount(tx, viewer, { accountId: id, isBlocked: false, reason }, now()),
      );
      return { id };
    },
  );

  app.put(
    '/corrections/:id',
    {
      config: { access: CORRECTORS },
      schema: {
        operationId: 'correctAccount',
        description:
          'Puts a balance right by an entry of either sign. The same id again is the same correction.',
        params: ById,
        body: exactly({ accountId: Id, amountMinor: Amount, reason: Reason }),
        response: {
          200: ById,
          ...problems(
            paymentsErrors.account_unknown,
            paymentsErrors.account_differs,
            paymentsErrors.credit_too_small,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      await inTransaction(db, (tx) => correctAccount(tx, viewer, { id, ...body }, now()));
      return { id };
    },
  );
};
