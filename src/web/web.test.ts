import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser } from './factory.ts';
import { localPath } from './page.ts';

const CLIENT_GZIP_BYTES_MAX = 20_000;

test('a page allows no script but ours, and no frame around it', async ({ app }) => {
  const { headers } = await aBrowser(app).open('/about');

  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('what the browser gets has a name that never means anything else, and is small', async ({ app }) => {
  const { body } = await aBrowser(app).open('/about');
  const script = /<script type="module" src="([^"]+)"/.exec(body)?.[1] ?? '';

  const packed = await app.inject({ url: script, headers: { 'accept-encoding': 'gzip' } });

  expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(packed.rawPayload.length).toBeLessThan(CLIENT_GZIP_BYTES_MAX);
  expect((await app.inject({ url: '/assets/..%2f.vite%2fmanifest.json' })).statusCode).toBe(400);
});

test('a page is compressed for those who take it so', async ({ app }) => {
  const plain = await app.inject({ url: '/about', headers: { accept: 'text/html' } });
  const packed = await app.inject({
    url: '/about',
    headers: { accept: 'text/html', 'accept-encoding': 'gzip' },
  });

  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
});

test('the theme is remembered, and the way back stays ours', async ({ app }) => {
  const browser = aBrowser(app);

  const chosen = await browser.send('/theme', { theme: 'dark', next: '//elsewhere.example/' });

  expect([chosen.statusCode, chosen.headers['location']]).toEqual([303, '/']);
  expect((await browser.open('/about')).body).toContain('<html lang="en" data-theme="dark"');
});

test('a form with a field that we do not know is refused as a page', async ({ app }) => {
  const answer = await aBrowser(app).send('/theme', { theme: 'dark', next: '/', admin: 'yes' });

  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain('We could not read that');
});

test('only a path of ours is followed', () => {
  expect(
    ['/cart?a=b', '//evil', '/\\evil', 'https://evil', '/a b', undefined].map((path) => localPath(path)),
  ).toEqual(['/cart?a=b', ...Array.from({ length: 5 }, () => '/')]);
});
