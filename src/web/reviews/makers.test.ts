import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMaker } from '#modules/identity/factory.ts';
import { aReview } from '#modules/reviews/factory.ts';
import { endVoice, letSpeak } from '#modules/reviews/index.ts';
import { ask } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser } from '../factory.ts';

test('a maker finds what waits for its brand, answers it in place, and is shown by name; others find no such page', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const [mine, other] = [await aProduct(db, databaseUrl), await aProduct(db, databaseUrl)];
  const [potter, clerk] = [
    await aSignedInBrowser(app, deps),
    await aSignedInBrowser(app, deps, ['merchant', 'service']),
  ];
  const author = await aPerson(deps);
  const organizationId = await aMaker(db, [potter.memberId], 'Kiln & Sons');
  const voice = { id: randomUUID(), brandId: mine.brand.id, organizationId };
  expect((await potter.open('/maker')).statusCode).toBe(404);
  expect((await potter.open('/account')).body).not.toContain('href="/maker"');
  await inTransaction(db, (tx) => letSpeak(tx, 'system', voice, deps.now()));
  const asked = new Map<string, string>();
  for (const { product } of [mine, other]) {
    const id = randomUUID();
    const wish = { id, productId: product.id, body: `Is ${product.slug} fired twice?` };
    await inTransaction(db, (tx) => ask(tx, author.memberId, wish, deps.now()));
    asked.set(product.id, id);
  }
  const reviewId = await aReview(deps, author, { productId: mine.product.id, rating: 2, body: 'It chips.' });

  expect((await potter.open('/account')).body).toContain('href="/maker"');
  const before = (await potter.open('/maker')).body;
  expect(before).toContain(`Is ${mine.slug} fired twice?`);
  expect(before).toContain('It chips.');
  expect(before).not.toContain(other.slug);
  expect((await clerk.open('/maker')).statusCode).toBe(404);
  expect((await aBrowser(app).open('/maker')).statusCode).toBe(303);

  const say = (subjectId: string, body: string) =>
    potter.send('/words/answer', {
      id: randomUUID(),
      subjectId,
      next: '/maker',
      speaks: 'maker',
      [`body-${subjectId}`]: body,
    });
  expect((await say(asked.get(mine.product.id) ?? '', 'Yes, twice.')).headers.location).toBe('/maker');
  expect((await say(reviewId, 'We glaze it anew.')).statusCode).toBe(303);
  expect((await say(asked.get(other.product.id) ?? '', 'As ours.')).statusCode).toBe(403);
  const after = (await potter.open('/maker')).body;
  expect(after).toContain('No question waits');
  expect(after).toContain('No review waits');
  const page = (await aBrowser(app).open(`/p/${mine.slug}`)).body;
  expect(page.match(/Kiln &amp; Sons answers, who makes it/g)).toHaveLength(2);

  await inTransaction(db, (tx) => endVoice(tx, 'system', voice.id, deps.now()));
  expect((await potter.open('/maker')).statusCode).toBe(404);
  const { rows } =
    await sql`select voice from reviews.answer where organization_id = ${organizationId}`.execute(db);
  expect(rows).toEqual([{ voice: 'maker' }, { voice: 'maker' }]);
});
