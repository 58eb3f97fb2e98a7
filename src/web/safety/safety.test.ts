import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard } from '#modules/boards/factory.ts';
import { setTrust } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

test('without script: a board is reported, removed on the desk, its owner reads why and appeals, another decides', async ({
  app,
  deps,
  db,
}) => {
  const [ada, ben, clerk, chief] = [
    await aSignedInBrowser(app, deps),
    await aSignedInBrowser(app, deps),
    await aSignedInBrowser(app, deps, ['service']),
    await aSignedInBrowser(app, deps, ['merchant']),
  ];
  await ada.open('/account/profile');
  const id = await aBoard(deps, ada.memberId, { name: 'Cheap <b>watches</b>' });

  const board = await ben.open(`/boards/${id}`);
  const href = /href="(\/report\/piece\/[^"]+)"/.exec(board.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await ada.open(`/boards/${id}`)).body).not.toContain('/report/piece/');
  const form = await ben.open(href);
  expect(form.body).toContain('Report this board');
  const fields = { reportId: fieldOf(form.body, 'reportId') ?? '', next: `/boards/${id}`, words: 'Look' };
  const empty = await ben.send(href, { ...fields, reason: '' });
  expect([empty.statusCode, empty.body.includes('Choose what is wrong with it.')]).toEqual([422, true]);
  expect(empty.body).toContain('Look</textarea>');
  const sent = await ben.send(href, { ...fields, reason: 'spam' });
  expect([sent.statusCode, sent.headers['location']]).toEqual([303, `/boards/${id}`]);
  expect((await ada.send(`/report/piece/${id}`, { ...fields, reason: 'spam' })).body).toContain('your own');

  expect((await ben.open('/desk/moderation')).statusCode).toBe(403);
  const queue = await clerk.open('/desk/moderation?cause=report');
  expect(queue.body).toContain('Cheap &lt;b>watches&lt;/b>');
  const { rows } = await sql<{ id: string }>`select id from safety.concern where piece_id = ${id}`.execute(
    db,
  );
  const concern = `/desk/moderation/${rows[0]?.id}`;
  const seen = await clerk.open(concern);
  expect(seen.body).toContain('Look');
  const act = (html: string) => ({
    id: fieldOf(html, 'id') ?? '',
    version: fieldOf(html, 'version') ?? '',
    note: 'Watches are for the market.',
    reason: '',
    level: '',
    until: '',
  });
  expect((await clerk.send(`${concern}/act`, { ...act(seen.body), kind: 'remove' })).statusCode).toBe(422);
  const late = await chief.open(concern);
  const removed = { ...act(seen.body), kind: 'remove', reason: 'spam' };
  expect((await clerk.send(`${concern}/act`, removed)).statusCode).toBe(303);
  const second = await chief.send(`${concern}/act`, { ...act(late.body), kind: 'keep' });
  expect([second.statusCode, second.body.includes('Somebody else has acted on it')]).toEqual([409, true]);
  expect((await ben.open(`/boards/${id}`)).statusCode).toBe(404);

  expect((await ada.open('/notices')).body).toContain('/account/removals');
  const own = await ada.open('/account/removals');
  expect(own.body).toContain('Watches are for the market.');
  expect(own.body).not.toContain('ben');
  const appealAt = /action="(\/account\/removals\/[^"]+)"/.exec(own.body)?.[1] ?? '';
  expect((await ada.send(appealAt, { words: ' ' })).body).toContain('Say why it should stand.');
  expect((await ada.send(appealAt, { words: 'They are mine.' })).statusCode).toBe(303);
  const appealed = await chief.open(concern);
  expect(appealed.body).toContain('They are mine.');
  const restored = { ...act(appealed.body), kind: 'restore', note: '' };
  expect((await chief.send(`${concern}/act`, restored)).statusCode).toBe(303);
  expect((await ben.open(`/boards/${id}`)).statusCode).toBe(200);
  expect((await ada.open('/account/removals')).body).toContain('shown again');

  // What she says of herself leads nowhere while she is new, nor where nothing may lead.
  const bio = 'All of it at https://shop.evil.example/now';
  const profile = { handle: 'ada_of_watches', name: 'Ada', bio };
  expect((await ada.send('/account/profile', profile)).statusCode).toBe(303);
  const shown = async () => {
    const { body } = await ben.open('/@ada_of_watches');
    return [body.includes('shop.evil.example/now'), body.includes('href="https://shop.evil.example/now"')];
  };
  expect(await shown()).toEqual([true, false]);
  const trust = { level: 1, why: '', by: chief.memberId } as const;
  await inTransaction(db, (tx) => setTrust(tx, ada.memberId, trust, deps.now()));
  expect(await shown()).toEqual([true, true]);
  await sql`insert into safety.blocked_host (host, blocked_by, since) values ('evil.example', ${chief.memberId}, now())`.execute(
    db,
  );
  expect(await shown()).toEqual([true, false]);
});
