import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf, ORIGIN } from '../factory.ts';

const aJpeg = (background: string) =>
  sharp({ create: { width: 320, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer();

/** A form with pictures, as a browser sends it; the fields first. */
function withPictures(
  app: Pick<FastifyInstance, 'inject'>,
  { jar }: Pick<ReturnType<typeof aBrowser>, 'jar'>,
  url: string,
  fields: Record<string, string>,
  files: readonly Buffer[],
) {
  const mark = 'a-boundary-of-the-test';
  const part = (about: string) => `--${mark}\r\ncontent-disposition: form-data; ${about}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
  const pictures = files.flatMap((bytes, nth) => [
    Buffer.from(`${part(`name="photos"; filename="${nth}.jpg"`)}content-type: image/jpeg\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  const payload = Buffer.concat([Buffer.from(texts.join('')), ...pictures, Buffer.from(`--${mark}--\r\n`)]);
  const headers = {
    accept: 'text/html',
    origin: ORIGIN,
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    'content-type': `multipart/form-data; boundary=${mark}`,
  };
  return app.inject({ method: 'POST', url, headers, payload });
}

test('a post is made without script: photos, their words, marked products, and out', async ({
  app,
  deps,
  db,
  databaseUrl,
  work,
}) => {
  const { slug, product } = await aProduct(db, databaseUrl, { title: 'Walnut stool' });
  const [ada, guest] = [await aSignedInBrowser(app, deps), aBrowser(app)];
  const id = fieldOf((await ada.open('/posts/new')).body, 'id') ?? '';
  const words = { id, caption: 'By the window #Küche', shared: 'yes', visibility: 'public' };
  const files = [await aJpeg('#804020'), Buffer.from('<svg onload="x"/>'), await aJpeg('#204080')];
  for (const _ of ['first', 'the button pressed twice']) {
    const made = await withPictures(app, ada, '/posts/new', words, files);
    expect([made.statusCode, made.headers.location]).toEqual([303, `/posts/${id}/change`]);
  }
  for (const _ of files) await work(); // pictures are made one after the other
  const form = (await ada.open(`/posts/${id}/change`)).body;
  const photos = [...form.matchAll(/name="alt-([0-9a-f-]{36})"/g)].map(([, photoId = '']) => photoId);
  expect(photos).toHaveLength(2);
  expect((await guest.open(`/posts/${id}`)).statusCode).toBe(404);
  expect((await ada.open(`/posts/${id}`)).body).toContain('not posted yet');
  const [one = '', two = ''] = photos;

  const mark = `/posts/${id}/photos/${two}`;
  expect((await ada.open(`${mark}?q=walnut&x=25&y=12.5`)).body).toContain(`value="${product.id}"`);
  await ada.send(mark, { productId: product.id, x: '25', y: '12.5' });

  const change = `/posts/${id}/change`;
  const publish = { ...words, [`alt-${one}`]: 'A stool', [`alt-${two}`]: '', act: 'publish' };
  const asked = await ada.send(change, publish);
  expect(asked.statusCode).toBe(422);
  expect(asked.body).toContain('Say what it shows');
  expect(fieldOf(asked.body, `alt-${one}`)).toBe('A stool');
  await ada.send(change, { ...publish, act: `earlier-${two}` });
  const out = await ada.send(change, { ...publish, without: 'yes' });
  expect([out.statusCode, out.headers.location]).toEqual([303, `/posts/${id}`]);

  const { body } = await guest.open(`/posts/${id}`);
  expect(body).toContain('<a href="/tags/k%C3%BCche">#Küche</a>');
  expect(body).toMatch(/class="hotspot"[^>]*style="inset-inline-start: ?25%; ?inset-block-start: ?12.5%;?"/);
  expect(body).toContain(`href="/p/${slug}"`);
  expect(body).toContain('"@type":"SocialMediaPosting"');
  expect(body).toMatch(/<meta property="og:image" content="http[^"]*\/media\//);
  expect(body.indexOf('alt="A stool"')).toBeGreaterThan(body.indexOf('<figure', body.indexOf('<figure') + 1));

  const shown = async (url: string) => (await guest.open(url)).body.includes(`/posts/${id}`);
  expect([
    await shown('/tags/k%C3%BCche'),
    await shown(`/p/${slug}`),
    await shown(`/p/${slug}/posts`),
  ]).toEqual([true, true, true]);
  const suggested = await guest.open('/search/suggestions?q=%23k%C3%BC');
  expect(suggested.json()).toMatchObject({ suggestions: [{ href: '/tags/k%C3%BCche', text: '#küche' }] });

  // Taken back, it stands on no product's page, and where it stands else it stays.
  await ada.send(change, { ...words, shared: '', act: 'save' });
  expect([await shown(`/p/${slug}`), await shown('/tags/k%C3%BCche')]).toEqual([false, true]);

  expect((await ada.send(`/posts/${id}/delete`, {})).statusCode).toBe(303);
  expect((await guest.open(`/posts/${id}`)).statusCode).toBe(404);
  expect(await shown('/tags/k%C3%BCche')).toBe(false);
});

test('what is wrong with a comment is said beside its words, which may be changed later; photos come with it', async ({
  app,
  deps,
  db,
  databaseUrl,
  work,
}) => {
  await aProduct(db, databaseUrl);
  const [ada, ben] = [await aSignedInBrowser(app, deps), await aSignedInBrowser(app, deps)];
  const id = randomUUID();
  await ada.send('/boards/new', { id, name: 'Table', description: '', visibility: 'public' });
  const path = `/boards/${id}`;
  const said = { id: randomUUID(), subjectId: id, next: path };
  const jpeg = await aJpeg('#102030');

  const long = await withPictures(app, ben, '/said', { ...said, body: 'x'.repeat(4001) }, [jpeg]);
  expect(long.statusCode).toBe(422);
  expect(long.body).toContain('x'.repeat(4001));
  const photoId = fieldOf(long.body, 'photoId') ?? '';
  expect((await ben.send('/said', { ...said, body: 'Short <b>now</b>', photoId })).statusCode).toBe(303);
  const broken = await withPictures(app, ben, '/said', { ...said, id: randomUUID(), body: 'Kept' }, [
    Buffer.from('no'),
  ]);
  expect([broken.statusCode, broken.body.includes('>Kept</textarea>')]).toEqual([422, true]);
  await work();
  const before = (await ada.open(path)).body;
  expect(before).toContain('Short &lt;b>now&lt;/b>');
  const shown = /<div class="said-pictures">.*?src="(\/media\/[^"]+)"/s.exec(before)?.[1] ?? '';
  expect((await app.inject({ url: shown })).statusCode).toBe(200);

  const change = { id: said.id, next: path };
  expect((await ada.send('/said/change', { ...change, [`edit-${said.id}`]: 'Mine' })).statusCode).toBe(403);
  const emptied = await ben.send('/said/change', { ...change, [`edit-${said.id}`]: ' ' });
  expect([emptied.statusCode, emptied.body.includes('Say something.')]).toEqual([422, true]);
  await ben.send('/said/change', { ...change, [`edit-${said.id}`]: 'Changed my mind' });
  const after = (await ada.open(path)).body;
  expect([after.includes('Changed my mind'), after.includes('changed since')]).toEqual([true, true]);

  for (let nth = 0; nth < 25; nth++) {
    const often = await ben.send('/said', { ...said, id: randomUUID(), body: 'Once more' });
    if (often.statusCode === 303) continue;
    expect([often.statusCode, often.body.includes('>Once more</textarea>')]).toEqual([429, true]);
    break;
  }
  await ada.send('/said/delete', change);
  await work();
  expect((await app.inject({ url: shown })).statusCode).toBe(404);
});
