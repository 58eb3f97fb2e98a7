import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBuyer, aReceivedLine, aReview, aReviewedProduct } from '#modules/reviews/factory.ts';
import { changeReview, changeReviewStates, deleteReview, writeReview } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { eraseReviews } from '#modules/reviews/index.ts';
import { changeProfile, clearProfile, ownProfile } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { settled } from '#test/settled.ts';

type App = { inject(url: string): Promise<{ statusCode: number; body: string; json<T>(): T }> };
interface Page {
  changes: { id: string; review: Record<string, unknown> | null }[];
  cursor: string | null;
  hasMore: boolean;
}

const feed = async (app: App, after: string | null, limit = 100): Promise<Page> => {
  const query = new URLSearchParams({ limit: String(limit), ...(after !== null && { after }) });
  const answer = await app.inject(`/v1/reviews/feed?${query.toString()}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Page>();
};

/** As another system keeps its copy: what has words is put, what has none is dropped. */
async function follow(
  { app, db }: { app: App; db: Db },
  copy: Map<string, Record<string, unknown>>,
  from: string | null,
  limit = 2,
) {
  await settled(db);
  let cursor = from;
  let seen = 0;
  for (;;) {
    const page = await feed(app, cursor, limit);
    for (const { id, review } of page.changes) {
      if (review) copy.set(id, review);
      else copy.delete(id);
    }
    seen += page.changes.length;
    cursor = page.cursor;
    if (!page.hasMore) return { cursor, seen };
  }
}

async function aNumberedProduct(db: Db) {
  const productId = await aReviewedProduct(db);
  const brandId = randomUUID();
  await sql`insert into catalog.brand (id, slug, name) values (${brandId}, ${`b-${brandId}`}, 'Kiln & Sons')`.execute(
    db,
  );
  await sql`update catalog.product set brand_id = ${brandId} where id = ${productId}`.execute(db);
  await sql`update catalog.variant set gtin = '4006381333931' where product_id = ${productId}`.execute(db);
  return { productId, slug: `p-${productId}`, sku: `V-${productId}` };
}

test('a copy that follows the feed is what anybody sees, after whatever happened to the reviews', async ({
  app,
  deps,
  db,
}) => {
  const { productId, slug, sku } = await aNumberedProduct(db);
  const [buyer, ada, ben] = [await aBuyer(deps, productId), await aPerson(deps), await aPerson(deps)];
  const copy = new Map<string, Record<string, unknown>>();
  const bought = await aReview(deps, buyer, { productId, rating: 4, title: 'Good', body: 'It pours.' });
  const own = await aReview(deps, ada, { productId, rating: 2, body: 'It drips.' });
  const other = await aReview(deps, ben, { productId, rating: 3 });
  let { cursor } = await follow({ app, db }, copy, null);
  const mine = () => [...copy.keys()].filter((id) => [bought, own, other].includes(id)).sort();
  expect(mine()).toEqual([bought, own, other].sort());
  expect(copy.get(bought)).toEqual({
    product: {
      id: productId,
      slug,
      title: 'A vase',
      brand: 'Kiln & Sons',
      variants: [{ sku, gtin: '4006381333931' }],
    },
    author: { name: buyer.name, handle: buyer.handle },
    rating: 4,
    title: 'Good',
    body: 'It pours.',
    writtenAt: expect.stringMatching(/^\d{4}-.*Z$/),
    editedAt: null,
    isVerified: true,
    incentive: null,
  });
  expect(copy.get(own)).toMatchObject({ isVerified: false, rating: 2 });

  // Nothing new: the cursor stays, and nothing comes twice.
  expect(await feed(app, cursor)).toEqual({ changes: [], cursor, hasMore: false });
  const next = async () => {
    const followed = await follow({ app, db }, copy, cursor);
    cursor = followed.cursor;
    return followed.seen;
  };
  const words = { rating: 5, title: '', body: 'It stopped.', dimensions: {}, traits: {}, photoIds: [] };
  await inTransaction(db, (tx) =>
    changeReview(tx, { memberId: ada.memberId, customerId: undefined }, own, words, deps.now()),
  );
  expect([await next(), copy.get(own)?.['rating'], copy.get(own)?.['editedAt']]).toEqual([
    1,
    5,
    expect.any(String),
  ]);

  await inTransaction(db, (tx) => changeReviewStates(tx, [bought], { from: ['live'], to: 'removed' }));
  expect([await next(), mine()]).toEqual([1, [own, other].sort()]);
  await inTransaction(db, (tx) => changeReviewStates(tx, [bought], { from: ['removed'], to: 'live' }));
  expect([await next(), mine()]).toEqual([1, [bought, own, other].sort()]);

  await inTransaction(db, (tx) => eraseReviews(tx, { memberId: ben.memberId }));
  await inTransaction(db, (tx) => deleteReview(tx, { memberId: ada.memberId, customerId: undefined }, own));
  expect([await next(), mine()]).toEqual([2, [bought]]);

  await sql`update catalog.variant set gtin = '96385074' where product_id = ${productId}`.execute(db);
  expect([await next(), copy.get(bought)?.['product']]).toEqual([
    3,
    expect.objectContaining({ variants: [{ sku, gtin: '96385074' }] }),
  ]);
  await sql`update catalog.product set publication = 'archived' where id = ${productId}`.execute(db);
  expect([await next(), mine()]).toEqual([3, []]);
  // What is looked at, voted for or written anew in the same words is no change.
  await sql`update catalog.product set updated_at = now() where id = ${productId}`.execute(db);
  await sql`update reviews.review set helpful = helpful + 1 where id = ${bought}`.execute(db);
  expect(await next()).toBe(0);
});

test('what a transaction that began earlier wrote is not passed over when it ends later', async ({
  app,
  deps,
  db,
}) => {
  const [productId, otherId] = [await aReviewedProduct(db), await aReviewedProduct(db)];
  const [ada, ben] = [await aPerson(deps), await aPerson(deps)];
  const slow = await aReview(deps, ada, { productId });
  const copy = new Map<string, Record<string, unknown>>();
  const { cursor } = await follow({ app, db }, copy, null, 500);
  const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const removing = inTransaction(db, async (tx) => {
    await changeReviewStates(tx, [slow], { from: ['live'], to: 'removed' });
    begun.resolve();
    await goOn.promise;
  });
  await begun.promise;
  const quick = await aReview(deps, ben, { productId: otherId }); // of the same product it would wait
  const meanwhile = await feed(app, cursor);
  goOn.resolve();
  await removing;
  expect(meanwhile).toEqual({ changes: [], cursor, hasMore: false }); // both waited for the one that was going on
  await settled(db);
  const { changes } = await feed(app, meanwhile.cursor);
  expect(changes.map(({ id, review }) => [id, review === null])).toEqual([
    [slow, true],
    [quick, false],
  ]);
});

test('a review is told with who wrote it as product pages name them, and again when they are called otherwise', async ({
  app,
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const ada = await aPerson(deps);
  const line = await aReceivedLine(db, productId, null);
  const own = await aReview(deps, ada, { productId });
  const write = async (orderId: string, name: string) => {
    const id = randomUUID();
    const words = { rating: 5, title: '', body: 'It pours.', dimensions: {}, traits: {}, photoIds: [] };
    const author = { orderId, customerId: undefined, name };
    await inTransaction(db, (tx) => writeReview(tx, author, { ...words, id, productId }, deps.now()));
    return id;
  };
  const guests = await write(line.orderId, 'Bram');
  const gone = await aReview(deps, ada, { productId: await aReviewedProduct(db) });
  await inTransaction(db, (tx) => deleteReview(tx, { memberId: ada.memberId, customerId: undefined }, gone));
  const copy = new Map<string, Record<string, unknown>>();
  const { cursor } = await follow({ app, db }, copy, null, 500);
  expect([own, guests].map((id) => copy.get(id)?.['author'])).toEqual([
    { name: ada.name, handle: ada.handle },
    { name: 'Bram', handle: null },
  ]);

  const profile = { handle: ada.handle, name: 'Ada of the Kiln', bio: '', photoId: null };
  await inTransaction(db, (tx) => changeProfile(tx, ada.memberId, profile));
  const renamed = await follow({ app, db }, copy, cursor, 500);
  expect([renamed.seen, copy.get(own)?.['author']]).toEqual([
    1,
    { name: 'Ada of the Kiln', handle: ada.handle },
  ]);
  // What else they say of themselves is no change, and a name that must not stand is told as what took its place.
  await inTransaction(db, (tx) => changeProfile(tx, ada.memberId, { ...profile, bio: 'Of clay.' }));
  expect((await follow({ app, db }, copy, renamed.cursor, 500)).seen).toBe(0);
  await inTransaction(db, (tx) => clearProfile(tx, ada.memberId));
  const cleared = await follow({ app, db }, copy, renamed.cursor, 500);
  expect([cleared.seen, copy.get(own)?.['author']]).toEqual([
    1,
    { name: 'Somebody', handle: expect.stringMatching(/^somebody_\d+$/) },
  ]);
  await sql`delete from social.profile where member_id = ${ada.memberId}`.execute(db);
  const hidden = await follow({ app, db }, copy, cleared.cursor, 500);
  expect([hidden.seen, copy.get(own)?.['author']]).toEqual([1, null]);
});

test('a cursor that is none is refused', async ({ app }) => {
  for (const after of ['x', '1_2', `99999999999999999999_${randomUUID()}`])
    expect((await app.inject(`/v1/reviews/feed?after=${after}`)).statusCode).toBe(400);
  expect((await app.inject('/v1/reviews/feed?limit=501')).statusCode).toBe(400);
});

test('Google gets all that anybody sees with words, nothing that somebody got something for, and no broken XML', async ({
  app,
  deps,
  db,
}) => {
  const { productId, slug, sku } = await aNumberedProduct(db);
  const [buyer, ada, ben, cleo] = [
    await aBuyer(deps, productId),
    await aPerson(deps),
    await aPerson(deps),
    await aPerson(deps),
  ];
  await inTransaction(db, async (tx) => {
    const profile = await ownProfile(tx, buyer.memberId, 'Ada', deps.now());
    await changeProfile(tx, buyer.memberId, { ...profile, name: 'Ada <b> & Co' });
  });
  const id = await aReview(deps, buyer, {
    productId,
    rating: 4,
    title: 'A & B',
    body: 'It <pours> ]]> & "drips".',
  });
  const hidden = [
    await aReview(deps, ada, { productId, body: '' }),
    await aReview(deps, ben, { productId, body: 'Paid.' }),
    await aReview(deps, cleo, { productId, body: 'Removed.' }),
  ];
  await sql`update reviews.review set incentive = 'sample' where id = ${hidden[1]}`.execute(db);
  await inTransaction(db, (tx) =>
    changeReviewStates(tx, [hidden[2] ?? ''], { from: ['live'], to: 'removed' }),
  );
  const { rows } = await sql<{
    at: Date;
  }>`select written_at as at from reviews.review where id = ${id}`.execute(db);

  const answer = await app.inject('/feeds/google-product-reviews.xml');
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    200,
    'application/xml; charset=utf-8',
  ]);
  const lines = answer.body.split('\n');
  expect(lines[2]).toBe('<version>2.3</version>');
  const page = `http://localhost:80/p/${slug}`;
  expect(lines.find((line) => line.includes(id))).toBe(
    `<review><review_id>${id}</review_id><reviewer><name>Ada &lt;b&gt; &amp; Co</name></reviewer>` +
      `<review_timestamp>${rows[0]?.at.toISOString()}</review_timestamp><title>A &amp; B</title>` +
      '<content>It &lt;pours&gt; ]]&gt; &amp; "drips".</content>' +
      `<review_url type="group">${page}#review-${id}</review_url>` +
      '<ratings><overall min="1" max="5">4</overall></ratings><products><product><product_ids>' +
      `<gtins><gtin>4006381333931</gtin></gtins><skus><sku>${sku}</sku></skus>` +
      '<brands><brand>Kiln &amp; Sons</brand></brands></product_ids><product_name>A vase</product_name>' +
      `<product_url>${page}</product_url></product></products><is_spam>false</is_spam>` +
      '<collection_method>post_fulfillment</collection_method></review>',
  );
  for (const each of hidden) expect(answer.body).not.toContain(each);
  expect(answer.body.endsWith('</reviews>\n</feed>\n')).toBe(true);
});
