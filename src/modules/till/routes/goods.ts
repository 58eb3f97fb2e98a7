import { Type } from 'typebox';
import { TILL } from '#platform/access.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { marketsAt, tillItems } from '../../catalog/index.ts';
import { providerInUse, testProvider } from '../../payments/index.ts';
import { Item, Moment, OrNull, Register, ScannedCode, Shift, Stock } from '../answers.ts';
import { tillErrors } from '../errors.ts';
import { factsAt, lookUp, stockEverywhere } from '../offline-facts.ts';
import { allRegisters, counterOf, registers } from '../registers.ts';
import { openShiftOf } from '../shifts.ts';
import { told } from './shifts.ts';

type Routes = NonNullable<Module['routes']>;

const access = { config: { access: TILL } };
const AtRegister = exactly({ registerId: Id });

const registerRoutes: Routes = async (app, deps) => {
  const { reads } = deps;
  const hasTestTerminal = providerInUse(deps).name === testProvider(deps.db).name;
  app.get(
    '/registers',
    {
      ...access,
      schema: {
        operationId: 'listRegisters',
        summary: 'The registers in use, by name; or all',
        querystring: exactly({ all: Type.Optional(Type.Boolean()) }),
        response: { 200: Type.Object({ registers: Type.Array(Register) }) },
      },
    },
    async ({ query: { all } }) => ({ registers: await (all ? allRegisters : registers)(reads) }),
  );

  app.get(
    '/registers/:registerId',
    {
      ...access,
      schema: {
        operationId: 'getRegister',
        summary: 'A register, its store and the shift that is open',
        params: AtRegister,
        response: {
          200: Type.Object({
            register: Register,
            store: Type.Object({
              id: Id,
              name: Type.String(),
              city: Type.String(),
              countryCode: Type.String(),
              timeZone: Type.String(),
            }),
            shift: OrNull(Shift),
            hasTestTerminal: Type.Boolean({ description: 'true where no real money is taken' }),
          }),
          ...problems(tillErrors.register_not_found),
        },
      },
    },
    async ({ params: { registerId } }) => {
      const { register, store } = await counterOf(reads, registerId);
      const { id, name, city, countryCode, timeZone } = store;
      const shift = await openShiftOf(reads, registerId);
      return {
        register,
        store: { id, name, city, countryCode, timeZone },
        shift: shift ? told(shift) : null,
        hasTestTerminal,
      };
    },
  );
};

const itemRoutes: Routes = async (app, { reads, now }) => {
  app.get(
    '/catalog',
    {
      ...access,
      schema: {
        operationId: 'listTillItems',
        summary: 'All that can be sold at a register, by the page; or what was changed since',
        querystring: exactly({
          registerId: Id,
          cursor: Type.Optional(Id),
          changedSince: Type.Optional(Moment),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Item),
            gone: Type.Array(Id, { description: 'of what was changed: what can’t be sold any more' }),
            cursor: OrNull(Id),
            asOf: Moment,
          }),
          ...problems(tillErrors.register_not_found),
        },
      },
    },
    async ({ query: { registerId, cursor: after, changedSince } }) => {
      const { register, store } = await counterOf(reads, registerId);
      const soldIn = { currency: register.currency, markets: await marketsAt(reads, store) };
      const at = now();
      const since = changedSince === undefined ? undefined : new Date(changedSince);
      const page = await tillItems(reads, { ...soldIn, now: at, after, changedSince: since });
      return { ...page, asOf: at.toISOString() };
    },
  );

  app.get(
    '/facts',
    {
      ...access,
      schema: {
        operationId: 'getPricingFacts',
        summary: 'What a till needs beside its items to price a basket by itself',
        querystring: AtRegister,
        response: {
          200: Type.Object({
            currency: Currency,
            places: Type.Array(Type.String()),
            facts: Type.Unknown({ description: 'as the pricing of the server takes them' }),
            asOf: Moment,
          }),
          ...problems(tillErrors.register_not_found),
        },
      },
    },
    async ({ query: { registerId } }) => {
      const at = now();
      return { ...(await factsAt(reads, registerId, at)), asOf: at.toISOString() };
    },
  );
};

const lookupRoutes: Routes = async (app, { reads, now }) => {
  app.get(
    '/lookup',
    {
      ...access,
      schema: {
        operationId: 'lookUpAtTill',
        summary: 'What a scanned code or some words mean',
        querystring: exactly({
          registerId: Id,
          code: Type.Optional(ScannedCode),
          q: Type.Optional(Type.String({ maxLength: 100 })),
        }),
        response: {
          200: Type.Object({ items: Type.Array(Item) }),
          ...problems(tillErrors.register_not_found),
        },
      },
    },
    async ({ query }) => ({ items: await lookUp(reads, query, now()) }),
  );

  app.get(
    '/stock/:variantId',
    {
      ...access,
      schema: {
        operationId: 'getStockAtTill',
        summary: 'Where a variant is, here and everywhere, and when more of it comes',
        params: exactly({ variantId: Id }),
        querystring: AtRegister,
        response: { 200: Stock, ...problems(tillErrors.register_not_found) },
      },
    },
    ({ params: { variantId }, query: { registerId } }) =>
      stockEverywhere(reads, registerId, variantId, now()),
  );
};

export const goodsRoutes: Routes = async (app, deps) => {
  await registerRoutes(app, deps);
  await itemRoutes(app, deps);
  await lookupRoutes(app, deps);
};
