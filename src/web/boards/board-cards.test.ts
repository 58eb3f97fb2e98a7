import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPost } from '#modules/posts/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { setVisibility } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { boardCards } from '#read/board-page.ts';
import { test } from '#test/harness.ts';
import { aProduct } from '../factory.ts';

test('a board in a list shows the posts on it to whom may see them, and goes on to what has a picture', async ({
  deps,
  db,
  databaseUrl,
}) => {
  const { memberId: ada } = await aPerson(deps);
  const boardId = await aBoard(deps, ada);
  const { product } = await aProduct(db, databaseUrl, { pictures: 1 });
  await aPin(deps, ada, boardId, { kind: 'product', productId: product.id });
  const posts = [
    await aPost(deps, ada),
    await aPost(deps, ada),
    await aPost(deps, ada),
    await aPost(deps, ada),
  ];
  for (const { id } of posts) await aPin(deps, ada, boardId, { kind: 'piece', pieceId: id });
  const keys: string[] = [];
  for (const { photoId } of posts.slice(1)) {
    const { rows } = await sql<{ sha256: string }>`
      update catalog.media set files = '{480.webp}', state = 'ready' where id = (select media_id from social.photo where id = ${photoId})
      returning sha256`.execute(db);
    keys.unshift(rows[0]?.sha256 ?? '');
  }
  const shown = async (viewer?: string) =>
    (await boardCards(db, viewer, [boardId])).flatMap(({ pictures }) => pictures.map(({ sha256 }) => sha256));

  // The first post has no picture yet; what was saved last stands first.
  expect((await shown()).slice(0, 3)).toEqual(keys);
  expect(await shown()).toHaveLength(4);
  const [, , , last] = posts;
  await inTransaction(db, (tx) => setVisibility(tx, last?.id ?? '', 'secret'));
  expect((await shown()).slice(0, 2)).toEqual(keys.slice(1));
  expect(await shown()).toHaveLength(3);
  expect((await shown(ada)).slice(0, 3)).toEqual(keys);
});
