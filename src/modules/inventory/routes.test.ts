import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { stocked } from './factory.ts';

test('GET /v1/inventory/availability answers for each variant asked', async ({ app, db }) => {
  const { variantId, locationId } = await stocked(db, 2);
  const unknown = randomUUID();

  const answer = await app.inject(`/v1/inventory/availability?variantId=${variantId}&variantId=${unknown}`);

  expect(answer.json()).toEqual({
    variants: [
      { variantId, available: 2, locations: [{ locationId, available: 2 }] },
      { variantId: unknown, available: 0, locations: [] },
    ],
  });
});

test('GET /v1/inventory/locations shows where and when', async ({ app, db }) => {
  const { locationId } = await stocked(db, 1);
  const { locations } = (await app.inject('/v1/inventory/locations')).json<{ locations: { id: string }[] }>();
  expect(locations.find(({ id }) => id === locationId)).toMatchObject({
    city: 'Amsterdam',
    openingHours: [...Array.from({ length: 6 }, () => ({ opens: '09:00', closes: '18:00' })), null],
  });
});

test('PUT /v1/inventory/reservations/:id is for operations and machines only', async ({ app, db }) => {
  const place = await stocked(db, 1);
  const answer = await app.inject({
    method: 'PUT',
    url: `/v1/inventory/reservations/${randomUUID()}`,
    payload: { lines: [{ ...place, quantity: 1 }] },
  });
  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toMatchObject({ type: '/problems/platform.sign_in_required' });
});
