import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMaker } from '#modules/identity/factory.ts';
import { aReview } from '#modules/reviews/factory.ts';
import { ask } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

test('questions and reviews are answered in place on the desk, and filters choose what is worked on', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { product, slug } = await aProduct(db, databaseUrl);
  const [clerk, operator] = [
    await aSignedInBrowser(app, deps, ['service']),
    await aSignedInBrowser(app, deps, ['operations']),
  ];
  const [ada, ben] = [await aPerson(deps), await aPerson(deps)];
  const questions = [randomUUID(), randomUUID()] as const;
  for (const [n, id] of questions.entries()) {
    const at = new Date(deps.now().getTime() + n * 1000);
    const wish = { id, productId: product.id, body: `Question ${n} of ${slug}?` };
    await inTransaction(db, (tx) => ask(tx, ada.memberId, wish, at));
  }
  const [poor, fine] = [
    await aReview(deps, ada, { productId: product.id, rating: 1, body: 'It chips.' }),
    await aReview(deps, ben, { productId: product.id, rating: 5, body: 'It shines.' }),
  ];

  const waiting = (await clerk.open('/desk/reviews')).body;
  expect(waiting.indexOf(`Question 0 of ${slug}`)).toBeLessThan(waiting.indexOf(`Question 1 of ${slug}`));
  const say = (next: string, subjectId: string) =>
    clerk.send('/words/answer', {
      id: randomUUID(),
      subjectId,
      next,
      speaks: 'retailer',
      [`body-${subjectId}`]: 'Thank you.',
    });
  expect((await say('/desk/reviews', questions[0])).headers.location).toBe('/desk/reviews');
  const left = (await clerk.open('/desk/reviews')).body;
  expect([left.includes('Question 0'), left.includes('Question 1')]).toEqual([false, true]);

  const replies = `/desk/reviews/replies?product=${slug}`;
  const shown = async (query: string) => {
    const { body } = await clerk.open(`${replies}${query}`);
    return [body.includes('It chips.'), body.includes('It shines.')];
  };
  expect(await shown('')).toEqual([true, true]);
  expect(await shown('&stars=1')).toEqual([true, false]);
  expect(await shown('&to=2020-01-01')).toEqual([false, false]);
  await say(replies, poor);
  expect(await shown('')).toEqual([false, true]);
  expect((await clerk.open('/desk/reviews/replies?product=no-such')).body).toContain(
    'The shop shows no product of that address.',
  );
  const page = (await clerk.open(`/p/${slug}`)).body;
  expect([page.includes('It chips.'), page.includes('It shines.')]).toEqual([true, true]);
  expect(fine).not.toBe(poor);

  expect((await operator.open('/desk/reviews')).headers.location).toBe('/desk/reviews/settings');
  expect((await operator.open(replies)).statusCode).toBe(403);
});

test('merchants set what is asked, when, and who speaks for a brand; each change is in the audit trail', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { brand, slug } = await aProduct(db, databaseUrl);
  const [merchant, clerk] = [
    await aSignedInBrowser(app, deps, ['merchant']),
    await aSignedInBrowser(app, deps, ['service']),
  ];
  const path = '/desk/reviews/settings';
  const settings = { unverified: 'yes', days: '7', incentive: 'points', note: '50 points' };
  expect((await clerk.send(path, settings)).statusCode).toBe(403);
  const wrong = await merchant.send(path, { ...settings, days: 'soon' });
  expect([wrong.statusCode, wrong.body.includes('A number of days from 0 to 180')]).toEqual([422, true]);
  expect((await merchant.send(path, settings)).statusCode).toBe(303);
  expect(fieldOf((await merchant.open(path)).body, 'note')).toBe('50 points');

  const id = randomUUID();
  const aspect = {
    id,
    kind: 'trait',
    name: 'Room',
    code: `room_${id.slice(0, 8)}`,
    category: '',
    position: '1',
  };
  const poor = await merchant.send(`${path}/aspects`, { ...aspect, options: 'Kitchen' });
  expect([poor.statusCode, poor.body.includes('value="Room"')]).toEqual([422, true]);
  expect(
    (await merchant.send(`${path}/aspects`, { ...aspect, options: 'Kitchen\r\nHall\r\n' })).statusCode,
  ).toBe(303);
  const twice = { ...aspect, id: randomUUID(), options: 'One\nTwo' };
  expect((await merchant.send(`${path}/aspects`, twice)).statusCode).toBe(409);
  expect((await merchant.open(`/p/${slug}/review`)).body).toMatch(/Room[\s\S]*Kitchen[\s\S]*Hall/);
  expect((await merchant.open(`${path}?change=${id}`)).body).toContain('Change Room');
  expect((await merchant.send(`${path}/aspects/drop`, { id })).statusCode).toBe(303);
  expect((await merchant.open(`/p/${slug}/review`)).body).not.toContain('Kitchen');

  const organizationId = await aMaker(db, [], `Kiln ${id}`);
  const voice = { id: randomUUID(), brand: brand.id, organization: organizationId };
  expect((await clerk.send('/desk/makers', voice)).statusCode).toBe(403);
  expect((await merchant.send('/desk/makers', { ...voice, brand: '' })).statusCode).toBe(422);
  expect((await merchant.send('/desk/makers', voice)).statusCode).toBe(303);
  expect((await merchant.send('/desk/makers', { ...voice, id: randomUUID() })).statusCode).toBe(409);
  expect((await clerk.open('/desk/makers')).body).toContain(`Kiln ${id}`);
  expect((await merchant.send('/desk/makers/end', { id: voice.id })).statusCode).toBe(303);
  const { rows } = await sql<{ action: string }>`
    select action from identity.audit where actor = ${`member:${merchant.memberId}`} and action not in ('signed_in', 'signed_up')
    order by id`.execute(db);
  expect(rows.map(({ action }) => action)).toEqual([
    'review_settings_set',
    'aspect_set',
    'aspect_dropped',
    'brand_voice_set',
    'brand_voice_ended',
  ]);
});
