import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import sharp from 'sharp';
import { expect } from 'vitest';
import { aReceivedLine, aReview } from '#modules/reviews/factory.ts';
import { putAspect, reviewToken } from '#modules/reviews/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';
import { sendReview } from './factory.ts';

const productIdOf = async (db: Db, slug: string) => {
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(db);
  return rows[0]?.id ?? '';
};

test('a review is written, found by people like one, voted on, answered, changed and deleted, all without script', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const aspect = { id: randomUUID(), categoryId: null, position: 0 };
  await inTransaction(db, async (tx) => {
    await putAspect(tx, 'system', {
      ...aspect,
      kind: 'trait',
      code: 'room',
      name: 'Room',
      options: ['Kitchen', 'Hall'],
    });
    const id = randomUUID();
    await putAspect(tx, 'system', {
      ...aspect,
      id,
      kind: 'dimension',
      code: 'ease',
      name: 'Ease',
      options: ['Hard', 'Easy'],
    });
  });
  const [ada, bram, clerk] = [
    await aSignedInBrowser(app, deps),
    await aSignedInBrowser(app, deps),
    await aSignedInBrowser(app, deps, ['service']),
  ];
  const url = `/p/${slug}/review`;
  expect((await aBrowser(app).open(url)).headers.location).toBe(`/sign-in?next=${encodeURIComponent(url)}`);
  const form = (await ada.open(url)).body;
  const id = fieldOf(form, 'id') ?? '';
  const words = {
    id,
    title: 'Too <i>heavy</i>',
    body: 'My wrist <script>',
    't-room': 'Kitchen',
    'd-ease': '2',
  };

  const starless = await sendReview(app, ada, url, words);
  expect([starless.statusCode, starless.body.includes('Give it stars, from 1 to 5.')]).toEqual([422, true]);
  expect(starless.body).toContain('My wrist &lt;script>');
  const sent = await sendReview(app, ada, url, { ...words, rating: '2' });
  expect([sent.statusCode, sent.headers['location']]).toEqual([303, `/p/${slug}?sort=newest#reviews`]);

  const seen = (await bram.open(`/p/${slug}?like=room:Kitchen`)).body;
  expect(seen).toContain('1 review, 2 of 5');
  expect(seen).toContain('Too &lt;i>heavy&lt;/i>');
  expect(seen).toContain('Ease: 2 of 5');
  expect((await bram.open(`/p/${slug}?like=room:Hall`)).body).toContain('No review is like that.');
  expect((await ada.open(`/p/${slug}`)).body).toContain('1 person like you (Kitchen) rates it 2 of 5.');

  const next = `/p/${slug}`;
  await bram.send('/words/vote', { next, vote: `${id} yes` });
  await bram.send('/words/vote', { next, vote: `${id} yes` });
  expect((await bram.open(next)).body).toContain('1 of 1 found it helpful');
  const reply = { id: randomUUID(), subjectId: id, next, [`body-${id}`]: 'We make a lighter one.' };
  expect((await bram.send('/words/answer', { ...reply, speaks: 'retailer' })).statusCode).toBe(403);
  expect((await clerk.send('/words/answer', { ...reply, speaks: 'retailer' })).statusCode).toBe(303);
  const answered = (await aBrowser(app).open(next)).body;
  expect(answered).toMatch(/<strong>[^<]+ answers<\/strong>.*We make a lighter one\./s);

  const change = `/reviews/${id}/change`;
  expect((await bram.open(change)).statusCode).toBe(404);
  await sendReview(app, ada, change, { ...words, rating: '4' });
  expect((await aBrowser(app).open(next)).body).toMatch(/Rated 4|4 out of 5|4 of 5/);
  expect((await ada.send(`/reviews/${id}/delete`, {})).statusCode).toBe(303);
  expect((await aBrowser(app).open(next)).body).not.toContain('heavy');
});

test('the link of an order opens the form for who bought it as a guest, once for each line, and no other link does', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const { orderId } = await aReceivedLine(db, await productIdOf(db, slug), null);
  const guest = aBrowser(app);
  const url = `/p/${slug}/review?order=${reviewToken(deps.config, orderId)}`;
  const forged = `/p/${slug}/review?order=${reviewToken({ secret: 'another' }, orderId)}`;
  expect((await guest.open(forged)).statusCode).toBe(303);
  const form = await guest.open(url);
  expect([form.statusCode, form.headers['referrer-policy']]).toEqual([200, 'same-origin']);
  const id = fieldOf(form.body, 'id') ?? '';

  const sent = await sendReview(app, guest, url, { id, rating: '5', name: 'Femke', body: 'A gift.' });
  const again = await sendReview(app, guest, url, { id: randomUUID(), rating: '1', name: 'Femke' });

  expect([sent.statusCode, again.statusCode]).toEqual([303, 409]);
  const page = (await guest.open(`/p/${slug}`)).body;
  expect(page).toMatch(/Femke, <time[^>]*>[^<]*<\/time> · Bought here/);
  expect(page).toContain('"reviewBody":"A gift."');
});

test('who got something for a review is said so beside it, whatever it says', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { slug, product } = await aProduct(db, databaseUrl);
  const ada = await aSignedInBrowser(app, deps);
  const id = await aReview(deps, ada, { productId: product.id, rating: 1, body: 'It drips.' });
  const said = 'Got a discount for a review, whatever it says';
  expect((await aBrowser(app).open(`/p/${slug}`)).body).not.toContain(said);
  await sql`update reviews.review set incentive = 'discount' where id = ${id}`.execute(db);
  const { body } = await ada.open(`/p/${slug}`);
  expect([body.includes('It drips.'), body.includes(said)]).toEqual([true, true]);
  // Machines are told the same as people.
  const facts = [...body.matchAll(/<script type="application\/ld\+json"[^>]*>([^<]*)<\/script>/g)].map(
    ([, json]) => json,
  );
  expect(facts.join()).toContain('"@type":"Review"');
  expect(facts.join()).toMatch(
    /"reviewRating":\{"@type":"Rating","ratingValue":1\}[^}]*"reviewBody":"It drips\."/,
  );
});

test('a question is asked, answered, followed, and told to search engines', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const [ada, bram] = [await aSignedInBrowser(app, deps), await aSignedInBrowser(app, deps)];
  const id = randomUUID();
  const asked = await ada.send(`/p/${slug}/questions`, { id, question: 'Does it </script> drip?' });
  expect(asked.headers.location).toBe(`/p/${slug}#questions`);
  const answer = { id: randomUUID(), subjectId: id, next: `/questions/${id}`, [`body-${id}`]: 'Not mine.' };
  await bram.send('/words/answer', answer);

  expect((await ada.open('/notices')).body).toContain(`href="/questions/${id}#answer-${answer.id}"`);
  const page = (await bram.open(`/questions/${id}`)).body;
  expect(page).toContain('<h1>Does it &lt;/script> drip?</h1>');
  const facts = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)?.[1] ?? '');
  expect(facts['@graph'][0]).toMatchObject({
    '@type': 'QAPage',
    mainEntity: { name: 'Does it </script> drip?', answerCount: 1, suggestedAnswer: [{ text: 'Not mine.' }] },
  });
  expect((await aBrowser(app).open(`/p/${slug}`)).body).toContain('Not mine.');
  await bram.send(`/questions/${id}/follow`, { on: 'yes' });
  expect((await bram.open(`/questions/${id}`)).body).toContain('aria-pressed="true"');
});

test('photos come with the form itself, six at most, and are shown small and large, without script', async ({
  app,
  deps,
  db,
  databaseUrl,
  work,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const ada = await aSignedInBrowser(app, deps);
  const url = `/p/${slug}/review`;
  const id = fieldOf((await ada.open(url)).body, 'id') ?? '';
  const photo = (red: number) =>
    sharp({ create: { width: 400, height: 300, channels: 3, background: { r: red, g: 80, b: 60 } } })
      .jpeg()
      .toBuffer();
  const photos = await Promise.all([10, 200].map(photo));
  const words = { id, rating: '4', body: 'As on my shelf.' };
  const broken = await sendReview(app, ada, url, words, [Buffer.from('no picture')]);
  expect([broken.statusCode >= 400, broken.body.includes('One of the photos can’t be used')]).toEqual([
    true,
    true,
  ]);
  for (const _press of ['once', 'twice'])
    expect((await sendReview(app, ada, url, words, photos)).statusCode).toBe(303);
  await work();

  const page = (await aBrowser(app).open(`/p/${slug}`)).body;
  const { rows } = await sql<{ sha256: string }>`
    select media.sha256 from reviews.review cross join unnest(photo_ids) as shown (id)
    join social.photo on photo.id = shown.id join catalog.media on media.id = photo.media_id
    where review.id = ${id}`.execute(db);
  expect(rows).toHaveLength(2);
  for (const [n, { sha256 }] of rows.entries()) {
    expect(page).toContain(`/media/${sha256}/`);
    expect(page).toContain(`popovertarget="photo-${id}-${n + 1}"`);
    expect(page).toContain(`id="photo-${id}-${n + 1}"`);
  }
});
