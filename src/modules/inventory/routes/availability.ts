import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { availabilityOf } from '../availability.ts';
import { inventoryErrors } from '../errors.ts';
import { comesOn } from '../later.ts';
import { locations } from '../locations.ts';
import { reserve } from '../reservations.ts';
import { WRITERS } from './schemas.ts';

const Line = exactly({
  variantId: Id,
  locationId: Id,
  quantity: Type.Integer({ minimum: 1, maximum: 10_000 }),
});
const Hours = Type.Object({ opens: Type.String(), closes: Type.String() });
const Location = Type.Object({
  id: Id,
  code: Type.String(),
  kind: Type.Enum(['store', 'warehouse', 'supplier']),
  name: Type.String(),
  street: Type.String(),
  postcode: Type.String(),
  city: Type.String(),
  countryCode: Type.String(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  timeZone: Type.String(),
  openingHours: Type.Array(Type.Union([Hours, Type.Null()]), { description: 'Monday first' }),
});
const Availability = Type.Object({
  variantId: Id,
  available: Type.Integer({ description: 'free units over all locations' }),
  locations: Type.Array(Type.Object({ locationId: Id, available: Type.Integer() })),
  orderable: Type.Union(
    [
      Type.Object({
        kind: Type.Enum(['back_order', 'pre_order']),
        units: Type.Integer(),
        on: Type.String({ format: 'date', description: 'when the first of them come' }),
      }),
      Type.Null(),
    ],
    { description: 'what may be ordered beyond them' },
  ),
});
const HOLD_MINUTES = 15;

export const availabilityRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/reservations/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'reserveStock',
        params: exactly({ id: Id }),
        body: exactly({ lines: Type.Array(Line, { minItems: 1, maxItems: 100 }) }),
        response: {
          200: Type.Object({ id: Id, expiresAt: Type.String({ format: 'date-time' }) }),
          ...problems(
            inventoryErrors.insufficient_stock,
            inventoryErrors.reservation_differs,
            inventoryErrors.reservation_not_held,
          ),
        },
      },
    },
    async ({ params: { id }, body: { lines } }) => {
      const expiresAt = new Date(now().getTime() + HOLD_MINUTES * 60_000);
      await inTransaction(db, (tx) => reserve(tx, id, expiresAt, lines));
      return { id, expiresAt: expiresAt.toISOString() };
    },
  );

  app.get(
    '/availability',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getAvailability',
        querystring: exactly({ variantId: Type.Array(Id, { minItems: 1, maxItems: 100 }) }),
        response: { 200: Type.Object({ variants: Type.Array(Availability) }) },
      },
    },
    async ({ query: { variantId } }) => {
      const found = await availabilityOf(db, variantId, now());
      const variants = [...found].map(([id, { later, ...availability }]) => ({
        variantId: id,
        ...availability,
        orderable: later && { kind: later.kind, units: later.units, on: comesOn(later, 1) },
      }));
      return { variants };
    },
  );

  app.get(
    '/locations',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listLocations',
        response: { 200: Type.Object({ locations: Type.Array(Location) }) },
      },
    },
    async () => ({
      locations: (await locations(db)).map((each) => ({ ...each, openingHours: [...each.openingHours] })),
    }),
  );
};
