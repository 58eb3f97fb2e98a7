import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aLocation, aVariant } from './factory.ts';
import { post } from './movement.ts';
import { positionAt } from './position.ts';
import { type StockFeed, takeFeed } from './stock-feed.ts';

const NOON = new Date('2026-05-04T12:00:00Z');
const told = (db: Db, feed: StockFeed) => inTransaction(db, (tx) => takeFeed(tx, feed));

async function onHand(db: Db, locationId: string) {
  const positions = await positionAt(db, new Date(), { locationIds: [locationId] });
  return Object.fromEntries(positions.map((position) => [position.variantId, position.onHand]));
}

test('each line is taken, or told what is wrong with it; the same feed again gets the same answer', async ({
  db,
}) => {
  const [locationId, jug, bowl] = [await aLocation(db), await aVariant(db), await aVariant(db)]; // their SKU is their id
  const lines = [
    { sku: jug, quantity: 3 },
    { sku: 'nobody-knows', quantity: 1 },
    { sku: bowl, quantity: 0 },
    { sku: jug, quantity: 9 },
  ];
  const feed = { id: randomUUID(), locationId, toldAt: NOON, lines };
  const outcome = {
    taken: 2,
    refused: [
      { line: 2, sku: 'nobody-knows', fault: 'sku_unknown' },
      { line: 4, sku: jug, fault: 'sku_twice' },
    ],
  };
  expect(await Promise.all([told(db, feed), told(db, feed)])).toEqual([outcome, outcome]);
  expect(await onHand(db, locationId)).toEqual({ [jug]: 3, [bowl]: 0 });
  const other = told(db, { ...feed, lines: lines.slice(1) });
  await expect(other).rejects.toMatchObject({ code: 'inventory.feed_differs' });
});

test('an older statement does not overrule a newer one', async ({ db }) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const at = (toldAt: Date, quantity: number) =>
    told(db, { id: randomUUID(), locationId, toldAt, lines: [{ sku: variantId, quantity }] });
  await at(NOON, 5);
  expect(await at(new Date(NOON.getTime() - 1), 7)).toEqual({
    taken: 0,
    refused: [{ line: 1, sku: variantId, fault: 'older_than_known' }],
  });
  expect(await at(new Date(NOON.getTime() + 1), 8)).toEqual({ taken: 1, refused: [] });
  expect(await onHand(db, locationId)).toEqual({ [variantId]: 8 });
});

test('what was sold since it was told stays sold', async ({ db }) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const feed = (toldAt: Date, quantity: number) =>
    told(db, { id: randomUUID(), locationId, toldAt, lines: [{ sku: variantId, quantity }] });
  await feed(NOON, 5);
  const sell = inTransaction(db, (tx) =>
    post(tx, 'transfer_out', { id: randomUUID() }, [{ variantId, locationId, quantity: 2 }]),
  );
  await sell;
  await feed(new Date(NOON.getTime() + 1), 6); // known before the two were sold
  expect(await onHand(db, locationId)).toEqual({ [variantId]: 4 });
  expect((await feed(new Date(NOON.getTime() + 2), 1)).refused).toEqual([
    { line: 1, sku: variantId, fault: 'less_than_left_since' },
  ]);
});

test('a feed for no location of ours is refused whole', async ({ db }) => {
  const feed = {
    id: randomUUID(),
    locationId: randomUUID(),
    toldAt: NOON,
    lines: [{ sku: await aVariant(db), quantity: 1 }],
  };
  await expect(told(db, feed)).rejects.toMatchObject({ code: 'inventory.place_unknown' });
});
