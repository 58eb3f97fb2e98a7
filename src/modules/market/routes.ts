import { type Static, Type } from 'typebox';
import { dayIn } from '#platform/days.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { addArea, type AreaPlan, regionDetail } from './areas.ts';
import { CELLS_MAX, Outline } from './cells.ts';
import { creditSums } from './credit-sums.ts';
import { marketErrors } from './errors.ts';
import { creditFreshness } from './follow-credits.ts';
import { postcodeRoutes } from './postcode-routes.ts';
import { regions } from './regions.ts';
import { serveRates, setServeRate } from './serve-rates.ts';
import { setSharing, setTerritory, sharesFor, sharing, territories } from './territories.ts';
import { regionOfAddress, regionOfPosition } from './whereabouts.ts';

const READERS = ['staff:merchant', 'staff:operations', 'scope:insight:read'] as const;
const WRITERS = ['staff:operations'] as const;

const OrNull = Type.Union([Type.String(), Type.Null()]);
const Code = Type.String({ minLength: 2, maxLength: 60 });
const Day = Type.String({ format: 'date' });
const Minor = Type.Integer();
const Latitude = Type.Number({ minimum: -90, maximum: 90 });
const Longitude = Type.Number({ minimum: -180, maximum: 180 });
const Region = Type.Object({
  code: Type.String(),
  kind: Type.Enum(['world', 'group', 'country', 'area']),
  parentCode: OrNull,
  name: Type.String(),
});
const Listed = Type.Object({ ...Region.properties, outlineId: OrNull });
const Detail = Type.Object({
  ...Region.properties,
  postcodes: Type.Array(Type.String()),
  cells: Type.Array(Type.String()),
});
const Parts = exactly({
  parentCode: Code,
  middle: Type.Optional(exactly({ latitude: Latitude, longitude: Longitude })),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  postcodes: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 1_000 })),
  cells: Type.Optional(Type.Array(Type.String({ maxLength: 16 }), { minItems: 1, maxItems: CELLS_MAX })),
  outline: Type.Optional(Outline),
});
const Shares = Type.Array(
  Type.Object({
    locationId: Id,
    attractiveness: Type.Number(),
    distanceKm: Type.Union([Type.Number(), Type.Null()]),
    weight: Type.Integer({ description: 'Its share is this over the sum of all' }),
  }),
);
const Stores = Type.Array(
  exactly({
    locationId: Id,
    attractiveness: Type.Number({ exclusiveMinimum: 0, maximum: 1e9, default: 1 }),
    position: Type.Optional(exactly({ latitude: Latitude, longitude: Longitude })),
  }),
  { maxItems: 50, description: 'None: the region above decides. Several share by the Huff model.' },
);
const Sharing = exactly({
  attractivenessExponent: Type.Number({ minimum: 0, maximum: 10 }),
  distanceExponent: Type.Number({ minimum: 0, maximum: 10 }),
  distanceFloorKm: Type.Number({ minimum: 0.001, maximum: 1000 }),
});
const Rate = {
  currency: Currency,
  minutesFixed: Type.Number({ minimum: 0, maximum: 10_000 }),
  minutesPerLine: Type.Number({ minimum: 0, maximum: 10_000 }),
  minuteMinor: Type.Number({ minimum: 0, maximum: 1_000_000 }),
  labelMinor: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
  packagingMinor: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
  returnMinutesFixed: Type.Number({ minimum: 0, maximum: 10_000, default: 0 }),
  returnMinutesPerLine: Type.Number({ minimum: 0, maximum: 10_000, default: 0 }),
  returnLabelMinor: Type.Integer({ minimum: 0, maximum: 100_000_000, default: 0 }),
};

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await regionRoutes(app, deps);
  await areaRoutes(app, deps);
  await postcodeRoutes(app, deps);
  await territoryRoutes(app, deps);
  await sharingRoutes(app, deps);
  await creditRoutes(app, deps);
  await serveRateRoutes(app, deps);
};

const regionRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/regions',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listRegions',
        response: { 200: Type.Object({ regions: Type.Array(Listed) }) },
      },
    },
    async () => ({ regions: await regions(db) }),
  );

  app.get(
    '/region-of',
    {
      config: { access: READERS },
      schema: {
        operationId: 'findRegion',
        description: 'The deepest region of an address, or of a position in a country.',
        querystring: exactly({
          country: Type.String({ pattern: '^[A-Z]{2}$' }),
          postcode: Type.String({ maxLength: 20, default: '' }),
          latitude: Type.Optional(Latitude),
          longitude: Type.Optional(Longitude),
        }),
        response: { 200: Type.Object({ code: Type.String() }) },
      },
    },
    async ({ query: { country, postcode, latitude, longitude } }) => {
      const byPostcode = await regionOfAddress(db, country, postcode);
      if (byPostcode !== country || latitude === undefined || longitude === undefined)
        return { code: byPostcode };
      return { code: await regionOfPosition(db, country, { latitude, longitude }) };
    },
  );

  app.get(
    '/regions/:code',
    {
      config: { access: READERS },
      schema: {
        operationId: 'readRegion',
        params: exactly({ code: Code }),
        response: { 200: Detail, ...problems(marketErrors.region_unknown) },
      },
    },
    async ({ params: { code } }) => {
      const found = await regionDetail(db, code);
      if (!found) throw marketErrors.region_unknown({ regionCode: code });
      return found;
    },
  );
};

const areaRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.put(
    '/regions/:code',
    {
      config: { access: WRITERS },
      // A few thousand cells or points, as text.
      bodyLimit: 1_048_576,
      schema: {
        operationId: 'addArea',
        description:
          'Adds an area made of one of postcodes, H3 cells, or an outline. What it is made of never changes. `middle` says where an area of postcodes lies.',
        params: exactly({ code: Code }),
        body: Parts,
        response: {
          200: Type.Object({ code: Type.String() }),
          ...problems(
            marketErrors.region_unknown,
            marketErrors.region_differs,
            marketErrors.areas_overlap,
            marketErrors.region_code_unfit,
            marketErrors.outside_parent,
            marketErrors.postcodes_unfit,
            marketErrors.cells_unfit,
            marketErrors.outline_unfit,
            marketErrors.parts_unfit,
            marketErrors.too_much,
          ),
        },
      },
    },
    async ({ params: { code }, body: { parentCode, name, ...parts } }) => {
      await inTransaction(db, (tx) => addArea(tx, { code, parentCode, name, plan: planOf(parts) }));
      return { code };
    },
  );
};

const territoryRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/territories',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listTerritories',
        description: 'Those that hold on a day or later, and how stores share regions.',
        querystring: exactly({ on: Day }),
        response: {
          200: Type.Object({
            sharing: Sharing,
            territories: Type.Array(
              Type.Object({
                id: Id,
                regionCode: Type.String(),
                startsOn: Day,
                endsOn: Type.Union([Day, Type.Null()]),
                note: Type.String(),
                shares: Shares,
              }),
            ),
          }),
        },
      },
    },
    async ({ query }) => ({ sharing: await sharing(db), territories: await territories(db, query.on) }),
  );

  app.put(
    '/territories/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'setTerritory',
        description: 'Gives a region to stores from a day on. Sales since then are credited anew.',
        params: exactly({ id: Id }),
        body: exactly({
          regionCode: Code,
          startsOn: Day,
          stores: Stores,
          note: Type.String({ maxLength: 200, default: '' }),
        }),
        response: {
          200: Type.Object({ id: Id, shares: Shares }),
          ...problems(
            marketErrors.region_unknown,
            marketErrors.territory_differs,
            marketErrors.store_twice,
            marketErrors.region_unplaced,
            marketErrors.store_unplaced,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      const wish = { id, ...body, setBy: viewer.memberId ?? null };
      await inTransaction(db, (tx) => setTerritory(tx, wish, now()));
      return { id, shares: await sharesFor(db, body.regionCode, body.stores) };
    },
  );
};

const sharingRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.put(
    '/sharing',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'setSharing',
        description: 'How stores share regions, for territories that are set from now on.',
        body: Sharing,
        response: { 200: Sharing },
      },
    },
    async ({ body }) => {
      await inTransaction(db, (tx) => setSharing(tx, body));
      return body;
    },
  );
};

const creditRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/credits',
    {
      config: { access: READERS },
      schema: {
        operationId: 'readCredits',
        description: 'Whose the net sales of a period are. Credits of different kinds are never added up.',
        querystring: exactly({ from: Day, to: Day, currency: Currency }),
        response: {
          200: Type.Object({
            locations: Type.Array(
              Type.Object({ locationId: Id, regionalMinor: Minor, fulfilmentMinor: Minor }),
            ),
            associates: Type.Array(Type.Object({ associateId: Id, amountMinor: Minor })),
            unassignedMinor: Minor,
            regionalMinor: Type.Integer({ description: 'All regional credits and what is unassigned' }),
            isBehind: Type.Boolean({ description: 'Whether some sales wait to be credited' }),
          }),
        },
      },
    },
    async ({ query }) => {
      const { isBehind } = await creditFreshness(db);
      return { ...(await creditSums(db, query)), isBehind };
    },
  );
};

const serveRateRoutes: NonNullable<Module['routes']> = async (app, { db, now, config }) => {
  app.get(
    '/serve-rates',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listServeRates',
        response: {
          200: Type.Object({ rates: Type.Array(Type.Object({ locationId: Id, startsOn: Day, ...Rate })) }),
        },
      },
    },
    async () => ({ rates: await serveRates(db) }),
  );

  app.put(
    '/serve-rates/:locationId',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'setServeRate',
        description:
          'What a shipment costs a location: minutes (fixed + for each line) × rate + label + packaging; and a return that is looked at there: its minutes × rate, and a label where it came by post. From a day on (today where none is named). What was credited already stays.',
        params: exactly({ locationId: Id }),
        body: exactly({ ...Rate, startsOn: Type.Optional(Day) }),
        response: { 200: Type.Object({ locationId: Id }) },
      },
    },
    async ({ params: { locationId }, body }) => {
      const { startsOn = dayIn(config.timeZone, now()) } = body;
      await inTransaction(db, (tx) => setServeRate(tx, { ...body, locationId, startsOn }, now()));
      return { locationId };
    },
  );
};

type GivenParts = Omit<Static<typeof Parts>, 'parentCode' | 'name'>;

function planOf({ postcodes, cells, outline, middle }: GivenParts): AreaPlan {
  const plans: AreaPlan[] = [];
  if (postcodes) plans.push({ by: 'postcodes', postcodes, middle });
  if (cells) plans.push({ by: 'cells', cells });
  if (outline) plans.push({ by: 'outline', outline });
  const [plan] = plans;
  if (!plan || plans.length > 1) throw marketErrors.parts_unfit({ given: plans.map(({ by }) => by) });
  return plan;
}
