import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf, ORIGIN } from '../factory.ts';

test('a product is saved, shown on a board, talked about, and gone from everybody’s eyes when the board is secret', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(db);
  const productId = rows[0]?.id ?? '';
  const [ada, guest] = [await aSignedInBrowser(app, deps), aBrowser(app)];

  expect((await ada.open(`/p/${slug}`)).body).toContain(`/save?product=${productId}`);
  const form = (await ada.open(`/save?product=${productId}`)).body;
  const newBoardId = fieldOf(form, 'newBoardId') ?? '';
  const sent = {
    product: productId,
    id: fieldOf(form, 'id') ?? '',
    newBoardId,
    board: '',
    note: 'Too <b>dear</b>?',
  };
  const saved = await ada.send('/save', { ...sent, name: 'Table', next: '' });
  expect([saved.statusCode, saved.headers.location]).toEqual([303, `/boards/${newBoardId}`]);
  await ada.send('/save', { ...sent, name: 'Table', next: '' }); // the button pressed twice
  const board = await guest.open(`/boards/${newBoardId}`);
  expect(board.body.match(/class="pin"/g)).toHaveLength(1);
  expect(board.body).toContain('Too &lt;b>dear&lt;/b>?');

  const said = { id: randomUUID(), subjectId: newBoardId, next: `/boards/${newBoardId}` };
  const script =
    'See <script>alert(1)</script> javascript:alert(1) https://x.example/"onload=alert(1) @nobody_here';
  expect((await ada.send('/said', { ...said, body: script })).headers.location).toBe(
    `/boards/${newBoardId}#said-${said.id}`,
  );
  const talk = (await guest.open(`/boards/${newBoardId}`)).body;
  expect(talk).toContain('See &lt;script>alert(1)&lt;/script> javascript:alert(1) ');
  expect(talk).toContain('<a href="https://x.example/" rel="nofollow ugc noopener">x.example</a>');
  expect(talk).not.toMatch(/href="javascript/i);

  await ada.send('/felt', { subjectId: newBoardId, kind: 'heart', next: '' });
  expect((await ada.open(`/boards/${newBoardId}`)).body).toMatch(/value="none"[^>]*aria-pressed="true"/);

  await ada.send('/felt', { subjectId: sent.id, kind: 'clap', next: '' });
  const onPin = (await ada.open(`/pins/${sent.id}`)).body;
  expect(
    [...onPin.matchAll(/value="(\w+)"[^>]*aria-pressed="(\w+)"/g)].map(([, kind, on]) => `${kind} ${on}`),
  ).toContain('none true');
  expect(
    (await guest.open(`/v1/feed/search?kind=board&q=tab`))
      .json<{ found: { id: string }[] }>()
      .found.map(({ id }) => id),
  ).toContain(newBoardId);
  expect((await guest.open('/search/boards?q=table')).body).toContain(`/boards/${newBoardId}`);

  await ada.send(`/boards/${newBoardId}/change`, { name: 'Table', description: '', visibility: 'secret' });
  expect((await guest.open(`/boards/${newBoardId}`)).statusCode).toBe(404);
  expect((await guest.open(`/save?pin=${sent.id}`)).headers.location).toMatch(/^\/sign-in/);
  expect((await ada.open(`/boards/${newBoardId}`)).statusCode).toBe(200);
  const { rows: who } = await sql<{ handle: string }>`
    select handle from social.profile where member_id = ${ada.memberId}`.execute(db);
  const mine = await ada.open(`/@${who[0]?.handle}`);
  expect(mine.body).toContain(`/boards/${newBoardId}`);
  expect((await guest.open(`/@${who[0]?.handle}`)).body).not.toContain(newBoardId);
});

test('a board is made by two, takes a suggestion and a page from outside, by forms alone', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { slug, product: saved } = await aProduct(db, databaseUrl);
  const near = await aProduct(db, databaseUrl, {
    categoryId: saved.categoryId ?? '',
    title: 'The near one',
  });
  const productId = saved.id;
  const [ada, bea] = [await aSignedInBrowser(app, deps), await aSignedInBrowser(app, deps)];
  const boardId = randomUUID();
  await ada.send('/boards/new', {
    id: boardId,
    name: 'Attic',
    description: 'Under the roof',
    visibility: 'secret',
  });
  const { handle } = await inTransaction(db, (tx) => ownProfile(tx, bea.memberId, 'Bea Example', new Date()));

  const unknown = await ada.send(`/boards/${boardId}/makers`, { handle: 'nobody_at_all', role: 'editor' });
  expect([unknown.statusCode, unknown.body.includes('There is nobody of that name.')]).toEqual([422, true]);
  await ada.send(`/boards/${boardId}/makers`, { handle, role: 'editor' });
  const asked = await bea.open(`/boards/${boardId}`);
  expect(asked.body).toContain('Ada Example asks you to make Attic with them');
  expect(asked.body).not.toContain('Under the roof');
  expect((await bea.open('/invitations')).body).toContain('Attic');
  await bea.send(`/boards/${boardId}/join`, {});
  expect((await bea.open(`/boards/${boardId}`)).body).toContain('Under the roof');

  const words = {
    description: 'Under the roof',
    wasName: 'Attic',
    wasDescription: 'Under the roof',
    visibility: 'secret',
  };
  await ada.send(`/boards/${boardId}/change`, { ...words, name: 'Loft' });
  const met = await bea.send(`/boards/${boardId}/change`, { ...words, name: 'Garret' });
  expect([
    met.statusCode,
    met.body.includes('value="Garret"'),
    met.body.includes('It reads now: Loft'),
  ]).toEqual([409, true, true]);
  await bea.send(`/boards/${boardId}/change`, { ...words, name: 'Attic', description: 'Warm' });
  expect((await ada.open(`/boards/${boardId}`)).body).toMatch(/<h1>Loft<\/h1><p>Warm<\/p>/);

  const link = { id: randomUUID(), note: '' };
  const wrong = await bea.send(`/boards/${boardId}/links`, { ...link, url: 'javascript:alert(1)' });
  expect([wrong.statusCode, wrong.body.includes('That is no web address.')]).toEqual([422, true]);
  await bea.send(`/boards/${boardId}/links`, { ...link, url: 'http://127.0.0.1/lamp' });
  expect((await ada.open(`/boards/${boardId}`)).body).toContain('We are reading the page');
  await bea.send(`/boards/${boardId}/leave`, { had: 'joined' });
  expect((await bea.open(`/boards/${boardId}`)).statusCode).toBe(404);

  await ada.send(`/boards/${boardId}/change`, { name: 'Loft', description: 'Warm', visibility: 'public' });
  expect((await bea.open(`/boards/${boardId}/suggest`)).statusCode).toBe(403);
  await ada.send(`/boards/${boardId}/suggesters`, { suggesters: 'anyone' });
  const form = (await bea.open(`/boards/${boardId}/suggest`)).body;
  const wish = { id: fieldOf(form, 'id') ?? '', words: '', product: '', address: `${ORIGIN}/p/${slug}` };
  const bare = await bea.send(`/boards/${boardId}/suggest`, { ...wish, reason: ' ' });
  expect([bare.statusCode, bare.body.includes('Say why it fits.')]).toEqual([422, true]);
  await bea.send(`/boards/${boardId}/suggest`, { ...wish, reason: 'It <i>stands</i> well' });
  const queue = (await ada.open(`/boards/${boardId}/suggestions`)).body;
  expect(queue).toContain('It &lt;i>stands&lt;/i> well');
  expect((await aBrowser(app).open(`/boards/${boardId}`)).body).not.toContain('stands');
  await ada.send(`/suggestions/${wish.id}/answer`, {
    answer: 'accepted',
    pinId: fieldOf(queue, 'pinId') ?? '',
  });
  const board = (await aBrowser(app).open(`/boards/${boardId}`)).body;
  expect(board).toMatch(new RegExp(`suggested by <a href="/@${handle}"`));
  const product = (await aBrowser(app).open(`/p/${slug}`)).body;
  expect([product.includes('On 1 board'), product.includes('>Loft<')]).toEqual([true, true]);

  await sql`update catalog.product set publication = 'archived' where id = ${productId}`.execute(db);
  await sql`delete from catalog.product_listing where product_id = ${productId}`.execute(db);
  const left = (await aBrowser(app).open(`/boards/${boardId}`)).body;
  expect(left).toContain('Not on sale any more');
  expect(left).toMatch(
    new RegExp(`class="pin-instead" href="/p/${near.slug}".*Near to it, and in stock.*The near one`, 's'),
  );
});

test('what is shared from elsewhere is saved as what it is', async ({ app, deps, db, databaseUrl }) => {
  const { slug, product } = await aProduct(db, databaseUrl);
  const ada = await aSignedInBrowser(app, deps);
  const ours = await ada.open(`/save?text=${encodeURIComponent(`Look: ${ORIGIN}/p/${slug}`)}`);
  expect(fieldOf(ours.body, 'product')).toBe(product.id);
  const page = (await ada.open(`/save?title=A+lamp&url=${encodeURIComponent('https://example.com/lamp')}`))
    .body;
  expect([fieldOf(page, 'url'), page.includes('A lamp')]).toEqual(['https://example.com/lamp', true]);
  expect((await ada.open('/save?url=javascript:alert(1)')).statusCode).toBe(422);
  expect(JSON.parse((await ada.open('/manifest.webmanifest')).body)).toMatchObject({
    share_target: { action: '/save', method: 'GET' },
  });
});
