import { Type } from 'typebox';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { levelsOf, movementsOf } from '../levels.ts';
import { positionAt } from '../position.ts';
import { Moment, READERS } from './schemas.ts';

const Balances = {
  variantId: Id,
  locationId: Id,
  onHand: Type.Integer(),
  reserved: Type.Integer(),
  allocated: Type.Integer(),
  damaged: Type.Integer(),
  valueMinor: Type.Integer({ description: 'what the units on hand cost' }),
};
const Level = Type.Object({
  ...Balances,
  safety: Type.Integer(),
  short: Type.Integer({ description: 'promised units that are not here' }),
  available: Type.Integer({ description: 'what may be promised now' }),
});
const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const CURSOR = `^${UUID}\\.${UUID}$`;
const Movement = Type.Object({
  id: Type.Integer(),
  kind: Type.String(),
  causeId: Id,
  reason: Type.String(),
  actorId: Type.Union([Id, Type.Null()]),
  movedAt: Moment,
  onHandDelta: Type.Integer(),
  reservedDelta: Type.Integer(),
  allocatedDelta: Type.Integer(),
  damagedDelta: Type.Integer(),
  valueDeltaMinor: Type.Integer(),
});

export const stockReads: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/levels',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLevels',
        querystring: exactly({
          locationId: Type.Optional(Id),
          variantId: Type.Optional(Id),
          after: Type.Optional(
            Type.String({ pattern: CURSOR, description: 'the cursor of the page before' }),
          ),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
        }),
        response: {
          200: Type.Object({ levels: Type.Array(Level), cursor: Type.Union([Type.String(), Type.Null()]) }),
        },
      },
    },
    ({ query }) => levelsOf(db, query),
  );

  app.get(
    '/movements',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listMovements',
        description: 'The ledger of a variant at a location, the newest first.',
        querystring: exactly({
          variantId: Id,
          locationId: Id,
          before: Type.Optional(Type.Integer({ minimum: 1, description: 'the cursor of the page before' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
        }),
        response: {
          200: Type.Object({
            movements: Type.Array(Movement),
            cursor: Type.Union([Type.Integer(), Type.Null()]),
          }),
        },
      },
    },
    async ({ query }) => {
      const { movements, cursor } = await movementsOf(db, query);
      return {
        movements: movements.map((each) => ({ ...each, movedAt: each.movedAt.toISOString() })),
        cursor,
      };
    },
  );

  app.get(
    '/positions',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPosition',
        description: 'The stock of a location at a past moment, added up from the ledger.',
        querystring: exactly({ locationId: Id, at: Moment }),
        response: { 200: Type.Object({ positions: Type.Array(Type.Object(Balances)) }) },
      },
    },
    async ({ query: { locationId, at } }) => ({
      positions: await positionAt(db, new Date(at), { locationIds: [locationId] }),
    }),
  );
};
