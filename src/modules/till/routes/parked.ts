import { Type } from 'typebox';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Parked, Parking } from '../answers.ts';
import { tillErrors } from '../errors.ts';
import { dropParked, park, type Parked as OneParked, parkedAt, takeParked } from '../parked.ts';

type Routes = NonNullable<Module['routes']>;

const access = { config: { access: TILL } };
const Params = exactly({ parkedId: Id });
const AtRegister = exactly({ registerId: Id });

const parkingRoutes: Routes = async (app, { db, reads, now }) => {
  app.put(
    '/parked/:parkedId',
    {
      ...access,
      schema: {
        operationId: 'parkBasket',
        summary: 'Puts a basket aside; nothing is held for it',
        params: Params,
        body: Parking,
        response: {
          200: Parked,
          ...problems(tillErrors.register_not_found, tillErrors.parked_differs),
        },
      },
    },
    async ({ params: { parkedId: id }, body, viewer: { memberId = '' } }) => {
      const { note = '', codes = [], lines, registerId } = body;
      const wish = { id, registerId, note, codes, lines, memberId };
      return told(await inTransaction(db, (tx) => park(tx, wish, now())));
    },
  );

  app.get(
    '/parked',
    {
      ...access,
      schema: {
        operationId: 'listParked',
        summary: 'The baskets that wait in the register’s store',
        querystring: AtRegister,
        response: {
          200: Type.Object({ parked: Type.Array(Parked) }),
          ...problems(tillErrors.register_not_found),
        },
      },
    },
    async ({ query: { registerId } }) => ({
      parked: (await parkedAt(reads, registerId, now())).map(told),
    }),
  );

  app.post(
    '/parked/:parkedId/take',
    {
      ...access,
      schema: {
        operationId: 'takeParked',
        summary: 'Takes a basket up at one register',
        params: Params,
        body: AtRegister,
        response: {
          200: Parked,
          ...problems(tillErrors.register_not_found, tillErrors.parked_not_found, tillErrors.parked_taken),
        },
      },
    },
    async ({ params: { parkedId }, body: { registerId } }) =>
      told(await inTransaction(db, (tx) => takeParked(tx, parkedId, registerId, now()))),
  );
};

const takingRoutes: Routes = async (app, { db }) => {
  app.delete(
    '/parked/:parkedId',
    {
      ...access,
      schema: {
        operationId: 'dropParked',
        summary: 'Drops a basket that nobody wants any more',
        params: Params,
        querystring: AtRegister,
        response: { 200: Type.Object({}), ...problems(tillErrors.register_not_found) },
      },
    },
    async ({ params: { parkedId }, query: { registerId } }) => {
      await inTransaction(db, (tx) => dropParked(tx, parkedId, registerId));
      return {};
    },
  );
};

export const parkedRoutes: Routes = async (app, deps) => {
  await parkingRoutes(app, deps);
  await takingRoutes(app, deps);
};

const told = (parked: OneParked) => ({
  ...parked,
  parkedAt: parked.parkedAt.toISOString(),
  expiresAt: parked.expiresAt.toISOString(),
});
