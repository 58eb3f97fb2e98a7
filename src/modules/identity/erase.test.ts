import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { eraseMember } from './erase.ts';
import { aMember } from './factory.ts';
import { own } from './own.ts';

test('erasing again changes nothing', async ({ deps, db }) => {
  const { memberId } = await aMember(deps);
  const read = () =>
    own(db).selectFrom('identity.member').selectAll().where('id', '=', memberId).executeTakeFirstOrThrow();
  await inTransaction(db, (tx) => eraseMember(tx, memberId, new Date('2026-11-22T00:00:00Z')));
  const once = await read();
  await inTransaction(db, (tx) => eraseMember(tx, memberId, new Date('2026-11-23T00:00:00Z')));
  expect(await read()).toEqual(once);
  expect(once).toMatchObject({ name: '', email: `${memberId}@erased.invalid`, image: null });
});
