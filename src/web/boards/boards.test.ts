import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

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
