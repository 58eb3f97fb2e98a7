import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { crc32 } from 'node:zlib';
import { test } from '#test/harness.ts';
import { anImportedProduct, aWord, imported } from './factory.ts';
import { searchProducts, storeMedia } from './index.ts';
import { prepareDrawn, prepareMedia } from './media.ts';
import { makeRenditions } from './renditions.ts';
import type { MediaStorage } from './media-storage.ts';
import { openStorage } from './storage.ts';
import { openBucket } from './storage-s3.ts';

/** A picture that no other test has. */
const picture = (width = 600, height = 400) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#c08040',
      noise: { type: 'gaussian', mean: 120, sigma: 20 },
    },
  });
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><script>alert(1)</script></svg>';

describe('a picture', () => {
  test('is kept clean, by its content, once', async ({ db, deps }) => {
    const bytes = await picture(600, 400)
      .withExif({ IFD0: { Copyright: 'secret place' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();
    const turned = await sharp(bytes).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(bytes.includes('secret place')).toBe(true);

    const media = await storeMedia(deps, turned);
    const again = await storeMedia(deps, turned);

    expect(again).toEqual(media);
    expect(media).toMatchObject({
      state: 'pending',
      mimeType: 'image/jpeg',
      width: 400,
      height: 600,
      files: ['source.jpg', '480.webp'],
    });
    expect(media.colour).toMatch(/^#[0-9a-f]{6}$/);
    const { rows } =
      await sql`select count(*)::integer as count from catalog.media where sha256 = ${media.sha256}`.execute(
        db,
      );
    expect(rows).toEqual([{ count: 1 }]);
    const kept = await openStorage(deps.config).get(`${media.sha256}/source.jpg`);
    const { exif, xmp, icc, orientation } = await sharp(kept).metadata();
    expect({ exif, xmp, icc, orientation }).toEqual({});
    expect(Buffer.from(kept ?? []).includes('secret place')).toBe(false);
  });

  test('gets its renditions from the job, and they reach the cards', async ({
    db,
    deps,
    databaseUrl,
    work,
  }) => {
    const word = aWord();
    const media = await storeMedia(deps, await picture(1200, 900).png().toBuffer());
    await imported(databaseUrl, {
      source: word,
      products: [anImportedProduct(word, { pictures: [{ mediaId: media.id, alt: 'A jug' }] })],
    });
    await work();

    const files = [
      'source.webp',
      '480.webp',
      '240.webp',
      '960.webp',
      '960.jpg',
      '240.avif',
      '480.avif',
      '960.avif',
    ];
    const { rows } = await sql`select state, files from catalog.media where id = ${media.id}`.execute(db);
    expect(rows).toEqual([{ state: 'ready', files }]);
    const { cards } = await searchProducts(deps.reads, { words: word });
    expect(cards[0]?.picture).toMatchObject({
      sha256: media.sha256,
      alt: 'A jug',
      width: 1200,
      height: 900,
      files,
    });
    const storage = openStorage(deps.config);
    for (const [file, format, width] of [
      ['240.avif', 'heif', 240],
      ['960.webp', 'webp', 960],
      ['960.jpg', 'jpeg', 960],
    ] as const) {
      const found = await sharp(await storage.get(`${media.sha256}/${file}`)).metadata();
      expect([found.format, found.width], file).toEqual([format, width]);
    }
    await makeRenditions(deps, { mediaId: media.id }); // nothing is left to do
  });

  test('of several frames is its first', async ({ deps }) => {
    const frames = [await picture(64, 64).png().toBuffer(), await picture(64, 64).png().toBuffer()];
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await prepareMedia(deps, gif)).toMatchObject({ width: 64, height: 64, mimeType: 'image/webp' });
  });
});

test('a drawn picture is kept in the widths asked for, with the colour that most of it has', async ({
  deps,
}) => {
  const [width, height] = [1200, 600];
  const data = Buffer.alloc(width * height * 4).fill(Buffer.from([200, 40, 72, 255]));
  data.fill(Buffer.from([0, 0, 0, 255]), 0, width * 200 * 4);
  const media = await prepareDrawn(deps, { data, width, height, channels: 4 }, { widths: [480, 960] });
  const files = ['source.jpg', '480.webp', '960.webp'];
  expect(media).toMatchObject({ width, height, mimeType: 'image/jpeg', files, colour: '#c82848' });
  const wide = await openStorage(deps.config).get(`${media.sha256}/960.webp`);
  expect(await sharp(wide).metadata()).toMatchObject({ width: 960, height: 480, hasAlpha: false });
});

test('what is no whole picture is refused, and nothing of it is kept', async ({ db, deps }) => {
  const jpeg = await picture(800, 800).jpeg().toBuffer();
  const png = await picture(300, 300).png().toBuffer();
  const headOf = (bytes: Buffer, rest: string | Buffer) =>
    Buffer.concat([bytes.subarray(0, 24), Buffer.from(rest)]);
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
  const attacks: [string, Buffer, string][] = [
    ['an SVG with a script', Buffer.from(SVG), 'media_type_refused'],
    ['an SVG behind an XML head', Buffer.from(`<?xml version="1.0"?>${SVG}`), 'media_type_refused'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'media_type_refused'],
    ['nothing', Buffer.alloc(0), 'media_type_refused'],
    ['a program', Buffer.from('7f454c4602010100', 'hex'), 'media_type_refused'],
    ['a PDF', Buffer.from('%PDF-1.7\n%%EOF'), 'media_type_refused'],
    ['a JPEG cut in half', jpeg.subarray(0, jpeg.length / 2), 'media_broken'],
    ['a PNG cut in half', png.subarray(0, png.length / 2), 'media_broken'],
    ['the head of a JPEG before an SVG', headOf(jpeg, SVG), 'media_broken'],
    ['the head of a PNG before noise', headOf(png, 'x'.repeat(1000)), 'media_broken'],
    ['a small file of many pixels', bomb, 'media_size_refused'],
    ['a dot', await picture(8, 8).png().toBuffer(), 'media_size_refused'],
  ];
  for (const [name, bytes, code] of attacks) {
    await expect(storeMedia(deps, bytes), name).rejects.toMatchObject({ code: `catalog.${code}` });
  }
  const { rows } = await sql`select from catalog.media where width in (60000, 800, 300)`.execute(db);
  expect(rows).toEqual([]);
});

test('a picture whose file is lost is given up, not tried for ever', async ({ db, deps }) => {
  const id = randomUUID();
  await sql`
    insert into catalog.media (id, sha256, mime_type, width, height, byte_size, files)
    values (${id}, ${'0'.repeat(64)}, 'image/webp', 20, 20, 9, '{source.webp}')`.execute(db);
  await makeRenditions(deps, { mediaId: id });
  const { rows } = await sql`select state from catalog.media where id = ${id}`.execute(db);
  expect(rows).toEqual([{ state: 'refused' }]);
});

test('a picture that can not be read at this moment fails the job, and waits for the next', async ({
  db,
  deps,
}) => {
  const [id, sha256] = [randomUUID(), '1'.repeat(64)];
  await sql`
    insert into catalog.media (id, sha256, mime_type, width, height, byte_size, files)
    values (${id}, ${sha256}, 'image/webp', 20, 20, 9, '{source.webp}')`.execute(db);
  const file = join(deps.config.dataDir, 'media', sha256.slice(0, 2), sha256, 'source.webp');
  await mkdir(file, { recursive: true }); // where a file should be
  await expect(makeRenditions(deps, { mediaId: id })).rejects.toThrow(
    'the process that makes renditions has ended',
  );
  const { rows } = await sql`select state, files from catalog.media where id = ${id}`.execute(db);
  expect(rows).toEqual([{ state: 'pending', files: ['source.webp'] }]);

  await rm(file, { recursive: true });
  await writeFile(file, await picture(20, 20).webp().toBuffer());
  await makeRenditions(deps, { mediaId: id });
  expect((await sql`select state from catalog.media where id = ${id}`.execute(db)).rows).toEqual([
    { state: 'ready' },
  ]);
});

/** As much of S3 as the storage uses: objects by path, put and got over HTTP. */
async function aBucket() {
  const objects = new Map<string, { bytes: Buffer; type: string | undefined }>();
  const calls: string[] = [];
  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname);
    calls.push(`${request.method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=key/')) {
      reply.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    } else if (request.method === 'PUT') {
      objects.set(path, { bytes: Buffer.concat(chunks), type: request.headers['content-type'] });
      reply.writeHead(200, { etag: '"1"' }).end();
    } else {
      const found = objects.get(path);
      if (found)
        reply
          .writeHead(200, { 'content-type': found.type })
          .end(request.method === 'HEAD' ? undefined : found.bytes);
      else
        reply
          .writeHead(404, { 'content-type': 'application/xml' })
          .end('<Error><Code>NoSuchKey</Code></Error>');
    }
  };
  const server = createServer((request, reply) => void answer(request, reply));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const s3 = {
    bucket: 'pictures',
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  };
  return { s3, objects, calls, [Symbol.dispose]: () => server.close() };
}

describe('the bucket', () => {
  test('keeps and gives files over the S3 protocol, by path', async () => {
    using bucket = await aBucket();
    const storage: MediaStorage = openBucket(bucket.s3);
    const key = `${'a'.repeat(64)}/480.webp`;
    expect(await storage.get(key)).toBeUndefined();
    await storage.put(key, Buffer.from('a picture'), 'image/webp');
    expect(Buffer.from((await storage.get(key)) ?? []).toString()).toBe('a picture');
    expect(bucket.calls).toEqual(['GET', 'PUT', 'GET'].map((method) => `${method} /pictures/media/${key}`));
    expect(bucket.objects.get(`/pictures/media/${key}`)).toEqual({
      bytes: Buffer.from('a picture'),
      type: 'image/webp',
    });
  });

  test('is used when it is configured, and a refusal of it is no missing picture', async ({ deps }) => {
    using bucket = await aBucket();
    const config = { ...deps.config, s3: bucket.s3 };
    const media = await prepareMedia({ config }, await picture().webp().toBuffer());
    expect([...bucket.objects.keys()]).toEqual(
      media.files.map((file) => `/pictures/media/${media.sha256}/${file}`),
    );
    const stranger = openBucket({
      ...bucket.s3,
      credentials: { accessKeyId: 'none', secretAccessKey: 'secret' },
    });
    await expect(stranger.get(`${media.sha256}/source.webp`)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
