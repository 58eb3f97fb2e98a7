import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aLook } from '#modules/looks/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { setVisibility } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { buildApp } from '../app.ts';
import { aBrowser, aProduct, aSignedInBrowser } from './factory.ts';
import { openGuests } from './guests.ts';

/** Somebody's board with somebody's look on it, in a shop that keeps what guests are shown until the clock is moved. */
const test = base
  .extend('clock', () => ({ at: new Date() }))
  .extend('shop', async ({ deps, clock }, { onCleanup }) => {
    const app = await buildApp({
      ...deps,
      config: { ...deps.config, keepSeconds: 20 },
      now: () => clock.at,
    });
    onCleanup(() => app.close());
    return app;
  })
  .extend('place', async ({ deps, db, databaseUrl }) => {
    const { slug } = await aProduct(db, databaseUrl);
    const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(
      db,
    );
    const [ada, bea] = [await aPerson(deps), await aPerson(deps)];
    const lookId = await aLook(deps, bea.memberId, [rows[0]?.id ?? ''], { title: 'The first title' });
    const boardId = await aBoard(deps, ada.memberId, { name: 'Attic' });
    await aPin(deps, ada.memberId, boardId, { kind: 'piece', pieceId: lookId });
    return { slug, lookId, boardId, path: `/boards/${boardId}` };
  });

const rename = (db: Db, lookId: string, title: string) =>
  sql`update looks.look set title = ${title} where id = ${lookId}`.execute(db);

test('guests are shown a board as it was some seconds ago, unless it changed itself; members as it is', async ({
  shop,
  deps,
  db,
  clock,
  place: { path, boardId, lookId },
}) => {
  const guest = aBrowser(shop);
  const shown = async () => (await guest.open(path)).body;
  for (let asked = 0; asked < 2; asked++) expect(await shown()).toContain('The first title');
  await rename(db, lookId, 'Another title');
  expect(await shown()).toContain('The first title');
  const member = await aSignedInBrowser(shop, deps);
  expect((await member.open(path)).body).toContain('Another title');

  const said = { id: randomUUID(), subjectId: boardId, next: path, body: 'How very neat' };
  expect((await member.send('/said', said)).statusCode).toBe(303);
  expect(await shown()).toContain('How very neat');
  expect(await shown()).toContain('Another title');

  await rename(db, lookId, 'A third title');
  expect(await shown()).toContain('Another title');
  clock.at = new Date(clock.at.getTime() + 20_000);
  expect(await shown()).toContain('A third title');
});

test('what becomes visible to fewer is on no page that was kept, and its own page is gone at once', async ({
  shop,
  db,
  place: { path, slug, boardId, lookId },
}) => {
  const guest = aBrowser(shop);
  const pages = [path, `/p/${slug}`];
  for (const page of [...pages, ...pages, ...pages])
    expect((await guest.open(page)).body).toContain('The first title');
  await rename(db, lookId, 'Another title');
  for (const page of pages) expect((await guest.open(page)).body).toContain('The first title');

  await inTransaction(db, (tx) => setVisibility(tx, lookId, 'secret'));
  for (const page of pages) {
    await vi.waitFor(async () => expect((await guest.open(page)).body).not.toContain('The first title'));
    expect((await guest.open(page)).body).not.toContain('Another title');
  }
  expect((await guest.open(path)).statusCode).toBe(200);
  await inTransaction(db, (tx) => setVisibility(tx, boardId, 'secret'));
  expect((await guest.open(path)).statusCode).toBe(404);
});

test('what was begun before something became visible to fewer is not kept after', async ({
  databaseUrl,
  db,
  deps,
}) => {
  await using guests = openGuests(databaseUrl, 20, deps.now);
  await guests.open();
  const twice = (name: string) => {
    guests.begin(name);
    return guests.begin(name);
  };
  twice('early')?.('1', [Buffer.from('early')]);
  expect(guests.get('early', '1')?.map(String)).toEqual(['early']);
  expect(guests.get('early', '2')).toBe(undefined);
  const keep = twice('late');
  await sql`select pg_notify('stoa_fewer_see', '')`.execute(db);
  await vi.waitFor(() => expect(guests.get('early', '1')).toBe(undefined));
  keep?.('1', [Buffer.from('late')]);
  expect(guests.get('late', '1')).toBe(undefined);
});
