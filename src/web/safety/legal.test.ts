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
  const speak = () =>
    ada.send(
      '/said',
      { id: randomUUID(), subjectId: board, next: `/boards/${board}`, body: 'Hello' },
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

  const asked = await speak();
  expect([asked.statusCode, asked.headers['location']]).toEqual([
    303,
    `/agree?next=${encodeURIComponent(`/boards/${board}`)}`,
  ]);
  const form = await ada.open(asked.headers['location'] ?? '');
  expect(form.body).toContain('I am at least 16 years old');
  const fields = {
    next: fieldOf(form.body, 'next') ?? '',
    minimumAge: fieldOf(form.body, 'minimumAge') ?? '',
    version: fieldOf(form.body, 'version') ?? '',
  };
  const half = await ada.send('/agree', { ...fields, age: 'yes' });
  expect([half.statusCode, half.body.includes('Both are needed')]).toEqual([422, true]);
  const done = await ada.send('/agree', { ...fields, age: 'yes', terms: 'yes' });
  expect([done.statusCode, done.headers['location']]).toEqual([303, `/boards/${board}`]);
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
  expect((await speak()).headers['location']).toContain('/agree');
  expect((await ada.send('/agree', { ...fields, terms: 'yes' })).body).toContain(
    'have changed while you read',
  );
  // A member reports without agreeing to anything.
  const report = { reportId: randomUUID(), reason: 'spam', words: '', next: '/' };
  expect((await ada.send(`/report/piece/${board}`, report)).statusCode).toBe(303);
});
