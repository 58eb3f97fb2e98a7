import { Type } from 'typebox';
import { PERSONAL_READERS } from '#platform/access.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { ADVOCACY_SEGMENTS } from './advocacy.ts';
import { type CustomerFigures, customerSeen, customersSeen, figuresOfMember } from './customers.ts';
import { SEGMENTS } from './customers-scores.ts';
import { insightErrors } from './errors.ts';
import { INTEREST_KINDS } from './interests.ts';
import { AsOf, oneOf } from './shapes.ts';
import { tastesOfMember } from './tastes.ts';

const ACCESS = [...PERSONAL_READERS, 'scope:persons:read'] as const;
const PAGE_MAX = 200;
const PAGE_USUAL = 50;
const CURSOR = /^(-?\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const Score = Type.Integer({ minimum: 1, maximum: 5 });
const Fault = Type.Union([oneOf(['too_few_repeats', 'not_settled']), Type.Null()], {
  description: 'Why there is no figure of the next 52 weeks',
});
const orNull = <Schema extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.Integer>>(
  schema: Schema,
) => Type.Union([schema, Type.Null()]);

/** What members are told of themselves. What they leave whoever sells to them is not theirs to know. */
const OwnFigures = Type.Object({
  customerId: Id,
  memberId: Id,
  currency: Currency,
  recencyDays: Type.Integer({ description: 'Since the last order' }),
  recencyScore: Score,
  orders: Type.Integer({ description: 'Of 365 days' }),
  ordersScore: Score,
  netMinor: Type.Integer({ description: 'Net sales of 365 days' }),
  marginScore: Score,
  ordersEver: Type.Integer(),
  segments: Type.Array(Type.Object({ name: oneOf(SEGMENTS), title: Type.String(), reason: Type.String() })),
  stillHere: orNull(Type.Number({ description: 'The chance that they will still buy' })),
  expectedOrders: orNull(Type.Number({ description: 'Of the next 52 weeks' })),
  expectedMinor: orNull(
    Type.Integer({ description: 'What the orders of the next 52 weeks are worth today, in net sales' }),
  ),
  purchasesFault: Fault,
  amountsFault: Fault,
  asOf: AsOf,
});

const Figures = Type.Object({
  ...OwnFigures.properties,
  marginMinor: Type.Integer({
    description:
      'Contribution margin 2 of 365 days, by which they are scored: net sales where no cost is known',
  }),
});

const Count = Type.Integer({ minimum: 0 });
const Tastes = {
  interests: Type.Array(
    Type.Object({
      kind: oneOf(INTEREST_KINDS),
      targetId: Id,
      title: Type.String(),
      viewed: Count,
      saved: Count,
      bought: Count,
      weight: Type.Number({ description: 'Of all these, each worth half 90 days later' }),
      ownShare: Type.Number(),
      allShare: Type.Number(),
      lift: Type.Number({ description: 'How many times as much as everybody, after shrinkage' }),
      reason: Type.String(),
    }),
  ),
  advocacy: Type.Union([
    Type.Object({
      segment: Type.Union([oneOf(ADVOCACY_SEGMENTS), Type.Null()]),
      title: Type.String(),
      reason: Type.String(),
      points: Count,
      reviews: Count,
      answers: Count,
      made: Count,
      shared: Count,
      helpful: Count,
      saved: Count,
      brought: Type.Integer({
        description: 'Orders of others, who opened something of theirs in the week before',
      }),
    }),
    Type.Null(),
  ]),
};

const told = (figures: CustomerFigures) => ({ ...figures, asOf: figures.asOf.toISOString() });

type Routes = NonNullable<Module['routes']>;

/** People in numbers: for who serves them, and for themselves. */
export const customerRoutes: Routes = async (app, deps) => {
  await listRoutes(app, deps);
  await oneRoutes(app, deps);
};

const listRoutes: Routes = async (app, { db }) => {
  app.get(
    '/customers',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listCustomerFigures',
        summary: 'Customers who agree to figures, who bought for the most in 365 days first',
        querystring: exactly({
          currency: Currency,
          segment: Type.Optional(oneOf([...SEGMENTS, ...ADVOCACY_SEGMENTS])),
          interest: Type.Optional(Id),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX })),
          after: Type.Optional(
            Type.String({ pattern: CURSOR.source, description: 'The `next` of the page before' }),
          ),
        }),
        response: {
          200: Type.Object({
            counted: Type.Union([
              Type.Object({
                asOf: AsOf,
                customers: Type.Integer({ description: 'Whom the scores compare, agreed or not' }),
                purchasesFault: Fault,
                amountsFault: Fault,
              }),
              Type.Null(),
            ]),
            customers: Type.Array(Type.Object({ ...Figures.properties, ...Tastes })),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async ({ query: { limit = PAGE_USUAL, after, ...question } }) => {
      const [, net = '', customerId = ''] = CURSOR.exec(after ?? '') ?? [];
      const from = customerId ? { netMinor: Number(net), customerId } : undefined;
      const { counted, customers, tastes, next } = await customersSeen(db, {
        ...question,
        limit,
        after: from,
      });
      return {
        counted: counted && { ...counted, asOf: counted.asOf.toISOString() },
        customers: customers.map((each) => ({
          ...told(each),
          ...(tastes.get(each.customerId) ?? { interests: [], advocacy: null }),
        })),
        ...(next && { next: `${next.netMinor}_${next.customerId}` }),
      };
    },
  );
};

const oneRoutes: Routes = async (app, { db }) => {
  app.get(
    '/customers/:id',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'getCustomerFigures',
        params: exactly({ id: Id }),
        response: {
          200: Type.Object({ memberId: Id, figures: Type.Array(Figures), ...Tastes }),
          ...problems(insightErrors.customer_not_found, insightErrors.consent_missing),
        },
      },
    },
    async ({ params: { id } }) => {
      const { figures, ...seen } = await customerSeen(db, id);
      return { ...seen, figures: figures.map(told) };
    },
  );

  app.get(
    '/me',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'getMyFigures',
        summary: 'What is kept of me in numbers: nothing unless I agree to figures',
        response: { 200: Type.Object({ figures: Type.Array(OwnFigures), ...Tastes }) },
      },
    },
    async ({ viewer: { memberId = '' } }) => ({
      figures: (await figuresOfMember(db, memberId)).map(told),
      ...(await tastesOfMember(db, memberId)),
    }),
  );
};
