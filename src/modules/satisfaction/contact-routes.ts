import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import {
  CONTACT_KEYS,
  CONTACT_TOUCHPOINTS,
  firstContacts,
  MATTERS,
  noteContact,
  settleContact,
} from './contacts.ts';
import { satisfactionErrors } from './errors.ts';

type Routes = NonNullable<Module['routes']>;

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Day = Type.String({ format: 'date', description: 'Of the first contact, in the retailer’s time zone' });

/** Cases: what customers turned to staff about, and how much of it was resolved the first time. */
export const contactRoutes: Routes = async (app, deps) => {
  await notingRoutes(app, deps);
  await firstContactRoute(app, deps);
};

const notingRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/contacts/:id',
    {
      config: { access: ['staff:service', 'scope:orders:write'] },
      schema: {
        operationId: 'noteContact',
        summary: 'A customer turned to staff about an order. What is settled owes the case’s question',
        params: exactly({ id: Id }),
        body: exactly({
          orderId: Id,
          matter: Type.Enum([...MATTERS]),
          touchpoint: Type.Enum([...CONTACT_TOUCHPOINTS]),
          isSettled: Type.Boolean(),
          occurredAt: Type.Optional(Type.String({ format: 'date-time', description: 'Now, when left out' })),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...asked,
            satisfactionErrors.order_unknown,
            satisfactionErrors.contact_differs,
            satisfactionErrors.contact_to_come,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body: { occurredAt, ...facts } }) => {
      const wish = { id, ...facts, ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt) }) };
      await inTransaction(db, (tx) => noteContact(tx, actorOf(viewer), wish, now()));
      return { id };
    },
  );

  app.put(
    '/contacts/:id/settlement',
    {
      config: { access: ['staff:service', 'scope:orders:write'] },
      schema: {
        operationId: 'settleContact',
        summary: 'Nothing is left to do: the customer is asked how it went',
        params: exactly({ id: Id }),
        response: { 204: Type.Null(), ...problems(...asked, satisfactionErrors.contact_unknown) },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => settleContact(tx, actorOf(viewer), id, now()));
      return reply.code(204).send(null);
    },
  );
};

const firstContactRoute: Routes = async (app, { reads, config, now }) => {
  app.get(
    '/first-contacts',
    {
      config: { access: ['staff', 'scope:insight:read'] },
      schema: {
        operationId: 'firstContactResolution',
        summary:
          'Matters with no repeat contact by the same customer on the same matter in seven days, at any touch point',
        querystring: exactly({
          from: Day,
          to: Day,
          by: Type.Enum([...CONTACT_KEYS], { default: 'none' }),
        }),
        response: {
          200: Type.Object({
            rows: Type.Array(
              Type.Object({
                key: Type.String(),
                matters: Type.Integer({ description: 'Judged: seven days are over, or it came up again' }),
                resolved: Type.Integer(),
                value: Type.Union([Type.Number(), Type.Null()]),
                open: Type.Integer({ description: 'Not judged yet' }),
              }),
            ),
          }),
          ...problems(...asked),
        },
      },
    },
    async ({ query: { by, ...period } }) => ({
      rows: await firstContacts(reads, period, by, { now: now(), timeZone: config.timeZone }),
    }),
  );
};
