import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aLocation, aVariant, deliveryOf } from '../inventory/factory.ts';
import { receive } from '../inventory/index.ts';
import { assign, assignmentsOf } from './assignments.ts';
import { sendersAt } from './senders.ts';
import { routeFor, routeOver, windowOf } from './route.ts';
import { DEFAULT_RULES } from './rules.ts';

const STANDARD = { transitDaysMin: 2, transitDaysMax: 4 };
const FRIDAY = new Date('2026-11-20T08:00:00Z');

/** A store in Amsterdam, open from nine to six but on Sundays, with three of the variant. */
async function aStoreWith(db: Db, variantId: string, facts: Parameters<typeof aLocation>[1] = {}) {
  const locationId = await aLocation(db, facts);
  await inTransaction(db, (tx) => receive(tx, deliveryOf({ variantId, locationId }, 3), new Date()));
  return locationId;
}

const one = (variantId: string, quantity = 1) => [{ variantId, quantity }];

async function promised(db: Db, variantId: string, at: string | Date, quantity = 1) {
  const route = await routeFor(db, one(variantId, quantity), 'NL', new Date(at));
  return windowOf(route, STANDARD);
}

/** A parcel of another order that is to leave on this day. */
const aParcel = (db: Db, locationId: string, leavesOn: string) =>
  inTransaction(db, (tx) =>
    assign(
      tx,
      {
        orderId: randomUUID(),
        ruleSetVersion: 1,
        at: FRIDAY,
        reasons: { asked: [], askedCount: 0, excluded: {} },
      },
      [
        {
          id: randomUUID(),
          locationId,
          leavesOn,
          promisedFrom: leavesOn,
          promisedTo: leavesOn,
          lines: one(randomUUID()),
        },
      ],
    ),
  );

describe('the promise', () => {
  test.for([
    ['a minute before the cut-off', '2026-11-20T13:59:59Z', '2026-11-22', '2026-11-24'],
    ['at the cut-off, by the clock there', '2026-11-20T14:00:00Z', '2026-11-23', '2026-11-25'],
    ['after the cut-off before a Sunday', '2026-11-21T14:00:00Z', '2026-11-25', '2026-11-27'],
    ['before a closure', '2026-12-24T14:00:00Z', '2026-12-28', '2026-12-30'],
  ] as const)('%s', async ([, at, promisedFrom, promisedTo], { db }) => {
    const variantId = await aVariant(db);
    const locationId = await aStoreWith(db, variantId);
    await sql`update inventory.location set cut_off = '15:00' where id = ${locationId}`.execute(db);
    await sql`
      insert into inventory.location_closure (location_id, day) values (${locationId}, '2026-12-25')`.execute(
      db,
    );

    expect(await promised(db, variantId, at)).toEqual({ promisedFrom, promisedTo });
  });

  test('moves on when the day is full, and each parcel counts once', async ({ db }) => {
    const variantId = await aVariant(db);
    const locationId = await aStoreWith(db, variantId);
    await sql`update inventory.location set capacity_per_day = 2 where id = ${locationId}`.execute(db);
    const leaves = async () => (await routeFor(db, one(variantId), 'NL', FRIDAY)).parts[0]?.leavesOn;

    await aParcel(db, locationId, '2026-11-20');
    expect(await leaves()).toBe('2026-11-20');
    await aParcel(db, locationId, '2026-11-20');
    expect(await leaves()).toBe('2026-11-21');
    await aParcel(db, locationId, '2026-11-21');
    await aParcel(db, locationId, '2026-11-21');
    expect(await leaves()).toBe('2026-11-23');
  });

  test('is of the last parcel, where several locations give', async ({ db }) => {
    const variantId = await aVariant(db);
    await aStoreWith(db, variantId);
    const slow = await aStoreWith(db, variantId);
    await sql`update inventory.location set handling_days = 3 where id = ${slow}`.execute(db);

    expect(await promised(db, variantId, FRIDAY, 3)).toEqual({
      promisedFrom: '2026-11-22',
      promisedTo: '2026-11-24',
    });
    expect(await promised(db, variantId, FRIDAY, 5)).toEqual({
      promisedFrom: '2026-11-22',
      promisedTo: '2026-11-28',
    });
  });

  test.for([
    ['is not in use', sql`is_active = false`],
    ['sends no parcels', sql`ships = false`],
    ['never opens', sql`opening_hours = '[null,null,null,null,null,null,null]'`],
  ] as const)('is not given for a location that %s', async ([, change], { db }) => {
    const variantId = await aVariant(db);
    const locationId = await aStoreWith(db, variantId);
    await sql`update inventory.location set ${change} where id = ${locationId}`.execute(db);

    expect(await promised(db, variantId, FRIDAY)).toBeUndefined();
  });
});

test('the nearer of two equal locations sends it, and the reasons say how much nearer', async ({ db }) => {
  const variantId = await aVariant(db);
  const dutch = await aStoreWith(db, variantId);
  const lyon = { latitude: 45.75, longitude: 4.83, timeZone: 'Europe/Paris' };
  const french = await aStoreWith(db, variantId, lyon);
  const routeTo = (regionCode: string) => routeFor(db, one(variantId), regionCode, FRIDAY);

  expect((await routeTo('NL')).parts).toMatchObject([{ locationId: dutch }]);
  const toFrance = await routeTo('FR');
  expect(toFrance.parts).toMatchObject([{ locationId: french, leavesOn: '2026-11-20' }]);
  expect(toFrance.reasons).toEqual({
    asked: [
      { locationId: french, score: 0, leavesOn: '2026-11-20', distanceKm: 203, costMinor: 491, load: 0 },
      { locationId: dutch, score: 40, leavesOn: '2026-11-20', distanceKm: 665, costMinor: 583, load: 0 },
    ],
    askedCount: 2,
    excluded: {},
  });
  expect((await routeTo('x-unspecified')).reasons.asked.map(({ distanceKm }) => distanceKm)).toEqual([
    null,
    null,
  ]);
});

test('what is known already routes as what is read', async ({ db }) => {
  const variantId = await aVariant(db);
  const locationId = await aStoreWith(db, variantId);
  const senders = await sendersAt(db, FRIDAY);
  const free = [{ variantId, locationId, quantity: 3 }];

  const known = routeOver(one(variantId, 2), senders, free, 'NL');

  expect(senders.rules).toEqual(DEFAULT_RULES);
  expect(known).toEqual(await routeFor(db, one(variantId, 2), 'NL', FRIDAY));
  expect(routeOver(one(variantId, 4), senders, free, 'NL').unfilled).toEqual(one(variantId));
});

test('an assignment that is written again is the same one', async ({ db }) => {
  const variantId = await aVariant(db);
  const locationId = await aStoreWith(db, variantId);
  const orderId = randomUUID();
  const reasons = { asked: [], askedCount: 0, excluded: {} };
  const assignment = {
    id: randomUUID(),
    locationId,
    leavesOn: '2026-11-20',
    promisedFrom: '2026-11-22',
    promisedTo: '2026-11-24',
    lines: one(variantId, 2),
  };

  for (let time = 0; time < 2; time++) {
    await inTransaction(db, (tx) =>
      assign(tx, { orderId, ruleSetVersion: 1, reasons, at: FRIDAY }, [assignment]),
    );
  }

  expect(await assignmentsOf(db, orderId)).toEqual([{ ...assignment, goodsOn: null }]);
});
