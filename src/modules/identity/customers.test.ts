import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { writeTogether } from '#platform/together.ts';
import { test } from '#test/harness.ts';
import { addedGuestCustomer, customerOfMember, customersFor } from './customers.ts';
import { aMember } from './factory.ts';
import { own } from './own.ts';

test('a member is one customer, however many ask at once; a guest is a new one', async ({ deps, db }) => {
  const { memberId } = await aMember(deps);
  const asked = Array.from({ length: 20 }, () => inTransaction(db, (tx) => customerOfMember(tx, memberId)));
  expect(new Set(await Promise.all(asked)).size).toBe(1);
  const guestId = newId();
  await inTransaction(db, (tx) => writeTogether(tx, [addedGuestCustomer(guestId)]));
  const guest = own(db).selectFrom('identity.customer').select('member_id').where('id', '=', guestId);
  expect(await guest.executeTakeFirst()).toEqual({ member_id: null });
});

test('an import makes each of its customers once, in one call or several', async ({ db, databaseUrl }) => {
  const source = `import-${randomUUID()}`;
  await using bulk = await openBulk(databaseUrl);
  const first = await bulk.run(async (each) => {
    await customersFor(each, source, ['1', '2']);
    return customersFor(each, source, ['2', '3', '3']);
  });
  const again = await bulk.run((each) => customersFor(each, source, ['1', '2', '3']));
  const other = await bulk.run((each) => customersFor(each, `${source}-b`, ['1']));

  expect([...first.keys()]).toEqual(['2', '3']);
  expect(again.get('3')).toBe(first.get('3'));
  expect(other.get('1')).not.toBe(again.get('1'));
  const rows = await own(db)
    .selectFrom('identity.customer')
    .select(['id', 'external_ref', 'member_id'])
    .where('source', '=', source)
    .orderBy('external_ref')
    .execute();
  expect(rows).toEqual(
    ['1', '2', '3'].map((ref) => ({ id: again.get(ref), external_ref: ref, member_id: null })),
  );
});
