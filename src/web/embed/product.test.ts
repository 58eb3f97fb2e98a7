import { expect, onTestFinished } from 'vitest';
import { readConfig } from '#platform/config.ts';
import { test } from '#test/harness.ts';
import { buildApp } from '../../app.ts';
import { aBrowser, aProduct, aSignedInBrowser } from '../factory.ts';

test('a product with its stars is framed by the configured sites and nobody else, runs no script, and hides no review', async ({
  deps,
  db,
  databaseUrl,
}) => {
  const embedIn = 'https://blog.example https://shop.example';
  const app = await buildApp({ ...deps, config: { ...deps.config, embedIn } });
  onTestFinished(() => app.close());
  const { slug, product } = await aProduct(db, databaseUrl, {
    reviews: [
      { author: 'Ada', rating: 1, body: 'It </b> chips.' },
      { author: 'Ben', rating: 4, body: 'It shines.' },
    ],
  });
  const policy = (answer: { headers: Record<string, unknown> }) =>
    String(answer.headers['content-security-policy']);
  const answer = await aBrowser(app).open(`/embed/p/${slug}`);
  expect([answer.statusCode, answer.headers['x-frame-options']]).toEqual([200, undefined]);
  expect(policy(answer)).toContain(`frame-ancestors ${embedIn}`);
  expect(policy(answer)).toContain("script-src 'none'");
  expect(answer.body).not.toContain('<script');
  for (const words of ['2.5', 'It &lt;/b> chips.', 'It shines.', '€24.00', 'target="_blank"'])
    expect(answer.body).toContain(words);
  expect((await aBrowser(app).open(`/p/${slug}`)).headers['x-frame-options']).toBe('DENY');

  const clerk = await aSignedInBrowser(app, deps, ['service']);
  expect((await clerk.open(`/desk/reviews/embed?product=${slug}`)).body).toContain(
    `/embed/p/${slug}&quot; title=&quot;${product.title}`,
  );
  const rated = await app.inject(
    `/v1/reviews/ratings?productId=${product.id}&productId=${crypto.randomUUID()}`,
  );
  expect(rated.json()).toEqual({
    ratings: [{ productId: product.id, count: 2, average: 2.5, stars: [1, 0, 0, 1, 0] }],
  });
});

test('what may frame us is sites or all, and nothing that ends a policy', () => {
  const embedIn = (value: string) => readConfig({ STOA_EMBED_IN: value }).embedIn;
  expect(readConfig({}).embedIn).toBe("'none'");
  expect(embedIn('*')).toBe('*');
  expect(embedIn('https://a.example  https://b.example')).toBe('https://a.example  https://b.example');
  for (const bad of ["https://a.example; script-src 'self'", "'self'", 'a.example'])
    expect(() => embedIn(bad)).toThrow('STOA_EMBED_IN');
});
