import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import sharp from 'sharp';
import { expect } from 'vitest';
import { intakeById, leftOutOf } from '#modules/archives/index.ts';
import { boardsOf } from '#modules/boards/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aProduct } from '../../src/web/factory.ts';
import { PAGE_ITEMS, type Thing } from '../../src/take-along/folder.ts';
import { takeIn } from '../../src/take-along/take-in.ts';
import { aBoardSaid as board, brought, outbox, zipped } from './brought.ts';

async function taken(deps: Deps, memberId: string, archive: Buffer) {
  const intakeId = await brought(deps, memberId, archive);
  await takeIn(deps, { intakeId });
  const intake = await intakeById(deps.db, intakeId);
  const reasons = (await leftOutOf(deps.db, intakeId)).map(({ kind, reason }) => `${kind}: ${reason}`);
  return { intake, reasons };
}

/** Names and attributes are written twice in a zip file, once beside the bytes and once at its end. */
const renamed = (archive: Buffer, from: string, to: string) => {
  expect(to).toHaveLength(from.length);
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
};

test('a file that leads elsewhere, unfolds into more than it says, or is no archive is refused whole', async ({
  deps,
}) => {
  const { memberId } = await aPerson(deps);
  const refusalOf = async (archive: Buffer) => (await taken(deps, memberId, archive)).intake;
  const plain = await outbox([], { 'pictures/aaaaaa.jpg': 'x' });
  const linked = Buffer.from(plain);
  linked.writeUInt32LE(
    (0o120777 << 16) >>> 0,
    linked.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + 38,
  );
  const cases: Record<string, Buffer> = {
    broken: Buffer.from('no zip at all'),
    no_archive: await zipped({ 'other.txt': 'x' }),
    links: linked,
    too_many_things: await outbox(Array.from({ length: PAGE_ITEMS + 1 }, () => ({ type: 'Like' }))),
    file_too_large: await outbox([], { 'actor.json': ' '.repeat(9 * 1024 * 1024) }),
  };
  for (const [reason, archive] of Object.entries(cases))
    expect(await refusalOf(archive), reason).toMatchObject({ state: 'refused', refusal: reason, key: null });
  for (const path of ['../ctures/aaaaaa.jpg', '/bctures/aaaaaaa.jpg'.slice(0, 19).padEnd(19, 'g')])
    expect(
      await refusalOf(renamed(plain, 'pictures/aaaaaa.jpg', path.slice(0, 19).padEnd(19, 'g'))),
    ).toMatchObject({
      state: 'refused',
      refusal: 'broken',
    });
  const bomb = await outbox([], { 'outbox/1.json': `{"orderedItems":[]}${' '.repeat(2_000_000)}` });
  // It says of itself that it is small.
  const size = Buffer.alloc(4);
  size.writeUInt32LE(2_000_019);
  const lie = Buffer.from(
    bomb.toString('latin1').replaceAll(size.toString('latin1'), '\u0020\u0000\u0000\u0000'),
    'latin1',
  );
  expect(await refusalOf(lie)).toMatchObject({ state: 'refused', refusal: 'broken' });
  expect(
    (await deps.db.executeQuery(sql`select from social.piece where owner_id = ${memberId}`.compile(deps.db)))
      .rows,
  ).toEqual([]);
});

const pin = (nth: number, thing: Thing): Thing => ({
  type: 'Add',
  object: {
    type: ['Note', 'stoa:Pin'],
    id: `urn:uuid:00000000-0000-4000-8000-00000000010${nth}`,
    content: `Note ${nth}`,
    attachment: [thing],
  },
  target: { id: 'urn:uuid:00000000-0000-4000-8000-000000000001', published: '2026-01-02T03:04:05.000Z' },
});

test('what fits is taken, what does not is told with its reason, and nobody hears of it', async ({
  deps,
  databaseUrl,
}) => {
  const [{ memberId }, other] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const { product, variants } = await aProduct(deps.db, databaseUrl);
  const picture = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#b5482a' } })
    .jpeg()
    .toBuffer();
  const image = (id: string, url: string) => ({ type: 'Image', id: `urn:uuid:${id}`, url, name: 'A vase' });
  const known = { type: ['Page', 'stoa:Product'], name: product.title, url: 'https://old.example/p/1' };
  const items = [
    board(),
    pin(1, { ...known, 'stoa:slug': 'of-another-shop', 'stoa:skus': [variants[0]?.sku] }),
    pin(2, { ...known, 'stoa:slug': 'nowhere', 'stoa:skus': ['NO-SUCH'] }),
    pin(3, image(randomUUID(), 'pictures/vase.jpg')),
    pin(4, image(randomUUID(), 'pictures/script.jpg')),
    pin(5, image(randomUUID(), '../../etc/passwd')),
    pin(6, { type: 'Page', url: 'javascript:alert(1)' }),
    pin(7, { type: 'Page', url: 'http://127.0.0.1/admin', name: 'Inside' }),
    { type: 'Follow', object: { type: 'Person', id: `urn:uuid:${other.memberId}` } },
    { type: 'Follow', object: { type: 'Person', id: `urn:uuid:${randomUUID()}` } },
    { type: 'Like', object: { id: 'x' } },
    { type: 'Create', object: { type: ['Note', 'stoa:Comment'], content: 'Said' } },
    {
      type: 'Create',
      object: {
        type: ['Article', 'stoa:Review'],
        id: `urn:uuid:${randomUUID()}`,
        inReplyTo: { ...known, 'stoa:slug': product.slug },
        content: 'Fine',
        'stoa:rating': 5,
      },
    },
    'nonsense' as unknown as Thing,
  ];
  const files = { 'pictures/vase.jpg': picture, 'pictures/script.jpg': '<svg onload="alert(1)"/>' };
  const { intake, reasons } = await taken(deps, memberId, await outbox(items, files));

  expect(reasons).toEqual([
    'pin: product_as_link',
    'pin: picture_missing',
    'pin: picture_missing',
    'pin: address_refused',
    'follow: not_here',
    'reaction: counted_there',
    'comment: number_missing',
    'thing: kind_unknown',
  ]);
  expect(intake).toMatchObject({ state: 'done', taken: 7, known: 0, total: items.length });
  expect((await boardsOf(deps.db, memberId, memberId)).map(({ name, pinCount }) => [name, pinCount])).toEqual(
    [['Kitchen <script>', 4]],
  );
  // No page outside is asked for because of an archive, the one inside our network least of all.
  const { rows } = await sql<{ what: string }>`
    select 'link ' || link.state as what from boards.link join social.piece on piece.id = pin_id where owner_id = ${memberId}
    union all select 'notice ' || kind from social.notice where actor_id = ${memberId}
    union all select 'review ' || state from social.piece where owner_id = ${memberId} and kind = 'review'
    union all select 'count ' || review_count from reviews.rating where product_id = ${product.id} and review_count > 0
    order by 1`.execute(deps.db);
  expect(rows.map(({ what }) => what)).toEqual(['link read', 'link read', 'review draft']);
});

test('begun again after a crash anywhere, it ends as if there had been none', async ({ deps }) => {
  const { memberId } = await aPerson(deps);
  const items = [
    board(),
    ...[1, 2, 3, 4].map((nth) => pin(nth, { type: 'Page', url: `https://example.com/${nth}` })),
  ];
  const archive = await outbox(items);
  const intakeId = await brought(deps, memberId, archive);
  let crashes = 0;
  for (let statement = 2; ; statement += 3) {
    let left = statement;
    const failing = new Proxy(deps.db, {
      get(db, name, receiver) {
        if ((name === 'transaction' || name === 'getExecutor') && left-- <= 0)
          throw new Error('the power is gone');
        const value: unknown = Reflect.get(db, name, receiver === failing ? db : receiver);
        return typeof value === 'function' ? (value.bind(db) as unknown) : value;
      },
    });
    const isThrough = await takeIn({ ...deps, db: failing }, { intakeId }).then(
      () => true,
      () => false,
    );
    if (isThrough) break;
    crashes++;
  }
  expect(crashes).toBeGreaterThan(2);
  expect(await intakeById(deps.db, intakeId)).toMatchObject({ state: 'done', taken: 5, known: 0, steps: 6 });
  const [own] = await boardsOf(deps.db, memberId, memberId);
  expect(own).toMatchObject({ pinCount: 4 });
  const { rows } = await sql<{ note: string }>`
    select note from boards.pin where board_id = ${own?.id ?? ''} order by position`.execute(deps.db);
  expect(rows.map(({ note }) => note)).toEqual(['Note 4', 'Note 3', 'Note 2', 'Note 1']);
});
