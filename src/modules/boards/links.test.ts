import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';
import { aPerson } from '#modules/social/factory.ts';
import type { Db } from '#platform/db.ts';
import { inTransaction } from '#platform/db.ts';
import { fetchOutside } from '#platform/fetch-outside.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aBoard, aPin } from './factory.ts';
import { addressFrom, readLinkOf } from './links.ts';
import { pageFacts } from './page-facts.ts';
import { deletePin } from './pins.ts';

const INSIDE = { isInsecure: true, resolve: async () => [{ address: '127.0.0.1', family: 4 }] };

async function aSite(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://site.example:${(server.address() as AddressInfo).port}`;
}

const linkOf = async (db: Db, pinId: string) => {
  const { rows } = await sql<
    Record<string, unknown>
  >`select * from boards.link where pin_id = ${pinId}`.execute(db);
  const { pin_id: _pin, read_at: _read, ...link } = rows[0] ?? {};
  return link;
};

async function aLink(deps: Deps, url: string) {
  const ada = await aPerson(deps);
  const boardId = await aBoard(deps, ada.memberId);
  return { ...ada, pinId: await aPin(deps, ada.memberId, boardId, { kind: 'link', url }) };
}

const PAGE = `<!doctype html><html><head><title>Fallback</title>
  <meta property="og:title" content="A bench &amp; its maker"><meta property="og:image" content="/bench.jpg">
  <meta name="description" content="Made of   ash.\u202E">
  <script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"Site"},
    {"@type":"Article","headline":"Other","author":[{"name":"Noor Vos"}],"publisher":{"name":"The Bench Paper"}}]}</script>
  </head><body><p>Hello</p></body></html>`;

test('a page from outside is read once with its picture, and taken away with its pin', async ({
  deps,
  db,
}) => {
  const asked: string[] = [];
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#b5482a' } })
    .jpeg()
    .toBuffer();
  const site = await aSite((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/old') response.writeHead(301, { location: '/bench' }).end();
    else if (request.url === '/bench') response.setHeader('content-type', 'text/html').end(PAGE);
    else if (request.url === '/bench.jpg') response.setHeader('content-type', 'image/jpeg').end(picture);
    else response.writeHead(404).end();
  });
  const { pinId, memberId } = await aLink(deps, `${site}/old`);
  await readLinkOf(deps, pinId, INSIDE);
  await readLinkOf(deps, pinId, INSIDE);
  expect(asked).toEqual(['/robots.txt', '/old', '/bench', '/bench.jpg']);
  expect(await linkOf(db, pinId)).toEqual({
    url: `${site}/old`,
    state: 'read',
    refusal: null,
    tries: 0,
    title: 'A bench & its maker',
    author: 'Noor Vos',
    excerpt: 'Made of ash.',
    site: 'The Bench Paper',
    photo_id: expect.any(String),
  });
  const { rows: told } = await sql<{ payload: unknown }>`
    select payload from platform.event where name = 'social.picture_came.v1'`.execute(db);
  expect(told).toEqual([{ payload: { pieceId: pinId } }]);
  await inTransaction(db, (tx) => deletePin(tx, { memberId }, pinId, new Date()));
  expect(await linkOf(db, pinId)).toMatchObject({
    url: '',
    title: '',
    author: '',
    excerpt: '',
    site: '',
    photo_id: null,
  });
  const { rows } =
    await sql`select from social.photo where owner_id = ${memberId} and media_id is not null`.execute(db);
  expect(rows).toEqual([]);
});

test('what a site keeps from robots, what is too large, and what is no page is not read', async ({
  deps,
  db,
}) => {
  const site = await aSite((request, response) => {
    if (request.url === '/robots.txt')
      response.end('User-agent: *\nAllow: /\n\nUser-agent: StoaBot\nDisallow: /private\n');
    else if (request.url === '/large')
      response.setHeader('content-type', 'text/html').end('x'.repeat(2_200_000));
    else if (request.url === '/file') response.setHeader('content-type', 'application/pdf').end('x');
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (request.url === '/away') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    else if (request.url === '/in') response.writeHead(302, { location: '/private/in' }).end();
    else response.writeHead(request.url === '/gone' ? 404 : 500).end();
  });
  const refusalOf = async (path: string, reach = INSIDE) => {
    const { pinId } = await aLink(deps, `${site}${path}`);
    await readLinkOf(deps, pinId, reach);
    const { state, refusal } = await linkOf(db, pinId);
    return [state, refusal];
  };
  expect(await refusalOf('/private/a')).toEqual(['refused', 'robots']);
  expect(await refusalOf('/in')).toEqual(['refused', 'robots']);
  expect(await refusalOf('/large')).toEqual(['refused', 'too_large']);
  expect(await refusalOf('/file')).toEqual(['refused', 'type']);
  expect(await refusalOf('/round')).toEqual(['refused', 'redirects']);
  expect(await refusalOf('/away')).toEqual(['refused', 'malformed']);
  expect(await refusalOf('/gone')).toEqual(['refused', 'status']);
  // A site that is down is asked again, three times, before it is said.
  const { pinId } = await aLink(deps, `${site}/fault`);
  for (const state of ['waiting', 'waiting', 'waiting', 'refused']) {
    await readLinkOf(deps, pinId, INSIDE);
    expect((await linkOf(db, pinId))['state']).toBe(state);
  }
  const { rows: jobs } = await sql<{ minutes: number }>`
    select extract(epoch from run_at - created_at)::integer / 60 as minutes from graphile_worker.jobs
    where key = ${`boards.read_link:${pinId}`}`.execute(db);
  expect(jobs).toEqual([{ minutes: 180 }]);
  expect(await refusalOf('/private/a', { ...INSIDE, isInsecure: false })).toEqual(['refused', 'inside']); // its port
});

test('nothing inside the network is asked, whatever its name or its clothes', async () => {
  const reasonOf = (url: string, address = '127.0.0.1') =>
    fetchOutside({
      url: new URL(url),
      accept: '*/*',
      userAgent: 'x',
      bytesMax: 10,
      timeoutMs: 1000,
      isInsecure: false,
      resolve: async () => [{ address, family: address.includes(':') ? 6 : 4 }],
    }).then(
      () => 'asked',
      (error: { reason?: string }) => error.reason,
    );
  expect(await reasonOf('http://inside.example/')).toBe('inside');
  expect(await reasonOf('http://metadata.example/', '169.254.169.254')).toBe('inside');
  expect(await reasonOf('https://six.example/', '::ffff:10.0.0.1')).toBe('inside');
  expect(await reasonOf('http://127.0.0.1/')).toBe('inside');
  expect(await reasonOf('http://0x7f.1/')).toBe('inside');
  expect(await reasonOf('http://[::1]/')).toBe('inside');
  expect(await reasonOf('http://outside.example:5432/')).toBe('inside');
  expect(await reasonOf('file:///etc/passwd')).toBe('malformed');
  expect(await reasonOf('http://ada:secret@outside.example/')).toBe('malformed');
});

test('a page that never ends is let go when its time is up, however it began', async () => {
  const site = await aSite((request, response) => {
    if (request.url === '/slow') {
      response.setHeader('content-type', 'text/html').write('<title>');
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    }
  });
  const ask = (path: string) =>
    fetchOutside({
      url: new URL(path, site),
      accept: '*/*',
      userAgent: 'x',
      bytesMax: 1_000_000,
      timeoutMs: 300,
      ...INSIDE,
    });
  for (const path of ['/silent', '/slow'])
    await expect(ask(path)).rejects.toMatchObject({ reason: 'timeout' });
});

test('an address is taken as people type it, and only an address', () => {
  expect(addressFrom(' example.com/a b ')).toBe('https://example.com/a%20b');
  expect(addressFrom('http://bücher.example')).toBe('http://xn--bcher-kva.example/');
  for (const typed of [
    '',
    'bench',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://a:b@example.com',
    'mailto:a@b.example',
  ])
    expect(() => addressFrom(typed)).toThrow(expect.objectContaining({ code: 'boards.address_refused' }));
});

test('a page’s facts are plain words, whatever it says', () => {
  const facts = pageFacts(
    '<title>x</title><meta property=og:title content="&lt;script>alert(1)&lt;/script>"><meta property=og:image content="javascript:alert(1)"><script type="application/ld+json">{broken</script>',
    new URL('https://example.com/'),
  );
  expect(facts).toMatchObject({ title: '<script>alert(1)</script>', pictureUrl: null, author: '' });
});
