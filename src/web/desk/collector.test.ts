import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { sources } from '#modules/collector/index.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

test('an admin adds a source, sees what it sent and what did not fit, corrects that and revokes the key', async ({
  app,
  db,
  deps,
}) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  const id = fieldOf((await admin.open('/desk/collector')).body, 'id') ?? '';
  const typed = { id, name: 'The shop', kind: 'server', touchpoint: 'moon', origins: 'shop' };
  const refused = await admin.send('/desk/collector', typed);
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain('That is no touch point.');
  expect(refused.body).toContain('One of the lines is no address of a site.');
  const added = await admin.send('/desk/collector', { ...typed, touchpoint: 'web', origins: '' });
  expect(added.statusCode).toBe(303);

  const [source] = await sources(db);
  const event = { type: 'track', event: 'Cart Viewed', anonymousId: 'x', messageId: randomUUID() };
  const bad = { ...event, messageId: randomUUID(), properties: { quantity: 'two' } };
  const payload = { writeKey: source?.writeKey, batch: [event, bad] };
  expect((await app.inject({ method: 'POST', url: '/v1/batch', payload })).statusCode).toBe(200);

  const page = (await admin.open('/desk/collector')).body;
  expect(page).toContain(source?.writeKey);
  expect(page).toContain('Of another type than it must be');
  const [, letter = ''] = /(\/desk\/collector\/letters\/[0-9a-f-]{36})"/.exec(page) ?? [];
  expect((await admin.open(letter)).body).toContain('/properties/quantity');
  const wrong = await admin.send(`${letter}/replay`, { body: JSON.stringify(bad) });
  expect([wrong.statusCode, wrong.body.includes('It does not fit yet')]).toEqual([422, true]);
  const body = JSON.stringify({ ...bad, properties: { quantity: 2 } });
  expect((await admin.send(`${letter}/replay`, { body })).statusCode).toBe(303);
  expect((await admin.open(letter)).body).toContain('It was taken in or dismissed before.');

  expect((await admin.send(`/desk/collector/sources/${id}/revoke`, {})).statusCode).toBe(303);
  expect((await app.inject({ method: 'POST', url: '/v1/batch', payload })).statusCode).toBe(401);
  expect((await admin.open('/desk/audit')).body).toContain('Replayed an event that had not fitted');

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open('/desk/collector')).statusCode).toBe(403);
});
