import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard } from '#modules/boards/factory.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

test('a shop that asks for age and terms asks once before the first word, and again of new terms', async ({
  app,
  deps,
  db,
}) => {
  const [ada, merchant, clerk] = [
    await aSignedInBrowser(app, deps),
    await aSignedInBrowser(app, deps, ['merchant']),
    await aSignedInBrowser(app, deps, ['service']),
  ];
  const board = await aBoard(deps, merchant.memberId);
  const speak = (body = 'Hello') =>
    ada.send(
      '/said',
      { id: randomUUID(), subjectId: board, next: `/boards/${board}`, body },
      { referer: `http://localhost:80/boards/${board}` },
    );
  expect((await speak()).headers['location']).toContain(`/boards/${board}#said-`);

  expect((await ada.open('/legal/terms')).statusCode).toBe(404);
  expect((await clerk.open('/desk/legal')).statusCode).toBe(403);
  const terms = (body: string) => merchant.send('/desk/legal/terms', { body, isAgreedTo: 'yes' });
  expect((await terms(' ')).statusCode).toBe(422);
  expect((await terms('Be kind.')).statusCode).toBe(303);
  expect((await merchant.send('/desk/legal/age', { age: '99' })).body).toContain('A number from 1 to 21');
  await merchant.send('/desk/legal/age', { age: '16' });
  expect((await ada.open('/legal/terms')).body).toContain('Be kind.');

  // The page that asks stands where the word was sent to, and keeps it.
  const asked = await speak('Words & "marks"');
  expect([asked.statusCode, asked.body.includes('I am at least 16 years old')]).toEqual([403, true]);
  const field = (body: string, name: string) => fieldOf(body, name) ?? '';
  const kept: Record<string, string> = Object.fromEntries(
    ['id', 'subjectId', 'next', 'body', 'agreed-minimum', 'agreed-version'].map((name) => [
      name,
      field(asked.body, name),
    ]),
  );
  expect(kept['body']).toBe('Words &amp; &quot;marks&quot;');
  const body = 'Words & "marks"';
  const fields: Record<string, string> = { ...kept, body };
  const half = await ada.send('/said', { ...fields, 'agreed-age': 'yes' });
  expect([half.statusCode, half.body.includes('Both are needed')]).toEqual([422, true]);
  expect(field(half.body, 'body')).toBe(kept['body']);
  const done = await ada.send('/said', { ...fields, 'agreed-age': 'yes', 'agreed-terms': 'yes' });
  expect([done.statusCode, done.headers['location']]).toEqual([303, `/boards/${board}#said-${fields['id']}`]);
  const { rows: said } = await sql`select body from social.comment where id = ${fields['id'] ?? ''}`.execute(
    db,
  );
  expect(said).toEqual([{ body }]);
  expect((await speak()).headers['location']).toContain('#said-');
  const { rows } = await sql`
    select what, version from social.agreement where member_id = ${ada.memberId} order by what`.execute(db);
  expect(rows).toEqual([
    { what: 'age', version: 16 },
    { what: 'terms', version: 1 },
  ]);

  await terms('Be kind.'); // the same again is no new version
  expect((await speak()).headers['location']).toContain('#said-');
  await terms('Be kind, always.');
  expect((await speak()).statusCode).toBe(403);
  const late = await ada.send('/said', { ...fields, id: randomUUID(), 'agreed-terms': 'yes' });
  expect([late.statusCode, late.body.includes('have changed while you read')]).toEqual([422, true]);
  // The same is asked at an address of its own, of who comes without a form.
  const alone = await ada.open('/agree?next=/boards/new');
  const version = {
    next: '/boards/new',
    'agreed-minimum': '16',
    'agreed-version': field(alone.body, 'agreed-version'),
  };
  const agreed = await ada.send('/agree', { ...version, 'agreed-terms': 'yes' });
  expect([agreed.statusCode, agreed.headers['location']]).toEqual([303, '/boards/new']);
  // A member reports without agreeing to anything.
  const report = { reportId: randomUUID(), reason: 'spam', words: '', next: '/' };
  expect((await ada.send(`/report/piece/${board}`, report)).statusCode).toBe(303);
});
