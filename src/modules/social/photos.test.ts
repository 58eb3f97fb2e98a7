import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aPerson } from './factory.ts';

/** Where the forms of our own pages come from. */
const ORIGIN = 'http://localhost:80';

const picture = () =>
  sharp({ create: { width: 640, height: 400, channels: 3, background: '#a05030' } })
    .withExif({ IFD0: { Copyright: 'where I live' } })
    .jpeg()
    .toBuffer();

function upload(id: string, bytes: Uint8Array, cookie: string) {
  const mark = 'a-boundary';
  const head = `--${mark}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`;
  return {
    method: 'PUT' as const,
    url: `/v1/social/photos/${id}?alt=${encodeURIComponent('A clay pot')}`,
    headers: { cookie, origin: ORIGIN, 'content-type': `multipart/form-data; boundary=${mark}` },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${mark}--\r\n`)]),
  };
}

const fileOf = (sha256: string, file: string) => `/media/${sha256}/${file}`;

test('a photo is taken as it comes, made clean by a job, shown, and gone with its files', async ({
  app,
  deps,
  work,
}) => {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const id = randomUUID();
  const bytes = await picture();
  const first = await app.inject(upload(id, bytes, ada.cookie));
  expect(first.statusCode, first.body).toBe(200);
  expect(first.json()).toEqual({ id, alt: 'A clay pot', state: 'pending', picture: null });
  expect((await app.inject(upload(id, bytes, ada.cookie))).json()).toEqual(first.json());
  expect((await app.inject(upload(id, bytes, ben.cookie))).statusCode).toBe(404);

  await work();
  const get = async (cookie: string) => app.inject({ url: `/v1/social/photos/${id}`, headers: { cookie } });
  const made = (await get(ada.cookie)).json<{
    state: string;
    picture: { sha256: string; files: string[] };
  }>();
  expect(made).toMatchObject({ state: 'ready', picture: { alt: 'A clay pot', width: 640, height: 400 } });
  expect(made.picture.files).toContain('480.avif');
  expect((await get(ben.cookie)).statusCode).toBe(404);
  const source = fileOf(made.picture.sha256, 'source.jpg');
  const shown = await app.inject({ url: source });
  expect(shown.statusCode).toBe(200);
  expect(shown.rawPayload.includes('where I live')).toBe(false);
  expect((await app.inject({ url: fileOf(made.picture.sha256, 'incoming') })).statusCode).toBe(400);

  const gone = { method: 'DELETE' as const, url: `/v1/social/photos/${id}` };
  await app.inject({ ...gone, headers: { cookie: ben.cookie, origin: ORIGIN } });
  expect((await app.inject({ url: source })).statusCode).toBe(200);
  const headers = { cookie: ada.cookie, origin: ORIGIN };
  expect((await app.inject({ ...gone, headers })).statusCode).toBe(204);
  await work();
  expect((await get(ada.cookie)).statusCode).toBe(404);
  for (const file of made.picture.files)
    expect((await app.inject({ url: fileOf(made.picture.sha256, file) })).statusCode, file).toBe(404);
});

test('what is no picture is refused at once, and what only looks like one when it is decoded', async ({
  app,
  deps,
  work,
}) => {
  const ada = await aPerson(deps);
  const script = await app.inject(upload(randomUUID(), Buffer.from('<svg onload="alert(1)"/>'), ada.cookie));
  expect(script.json()).toMatchObject({ type: '/problems/catalog.media_type_refused' });
  const id = randomUUID();
  const torn = (await picture()).subarray(0, 700);
  const taken = await app.inject(upload(id, torn, ada.cookie));
  expect(taken.json()).toMatchObject({ state: 'pending' });
  await work();
  const after = await app.inject({ url: `/v1/social/photos/${id}`, headers: { cookie: ada.cookie } });
  expect(after.json()).toMatchObject({ state: 'refused', picture: null });
});
