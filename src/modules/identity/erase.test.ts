import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { setConsent, consentOf } from './consent.ts';
import { customerOfMember } from './customers.ts';
import { eraseMember } from './erase.ts';
import { aMember, aSignedInMember } from './factory.ts';
import { inviteToTeam } from './invitations.ts';
import { marketplaceOrganization } from './organizations.ts';
import { own } from './own.ts';
import { viewerOf } from './viewer.ts';

test('erasing a member empties every column that holds personal data', async ({ deps, db }) => {
  const admin = await aMember(deps, ['admin']);
  const { memberId, email, cookie } = await aSignedInMember(deps, ['service']);
  // A mark in every personal column: what is left of it afterwards was forgotten by the eraser.
  const mark = 'Ada Lovelace 1815';
  await inTransaction(db, async (tx) => {
    const { id: organizationId } = await marketplaceOrganization(tx);
    const by = { actor: 'system' as const, memberId: admin.memberId, now: new Date() };
    await inviteToTeam(tx, by, { organizationId, email, roles: ['admin'] });
    await setConsent(tx, { memberId }, { analytics: true }, { touchpoint: 'web' });
    await own(tx)
      .updateTable('identity.member')
      .set({ name: mark, image: `https://example.com/${mark}` })
      .where('id', '=', memberId)
      .execute();
    await own(tx)
      .updateTable('identity.account')
      .set({ account_id: mark, password: mark })
      .where('member_id', '=', memberId)
      .execute();
    await own(tx)
      .updateTable('identity.session')
      .set({ ip_address: mark, user_agent: mark })
      .where('member_id', '=', memberId)
      .execute();
    await own(tx)
      .insertInto('identity.passkey')
      .values({
        id: memberId,
        member_id: memberId,
        name: mark,
        credential_id: mark,
        public_key: mark,
        counter: 0,
        device_type: 'singleDevice',
        backed_up: false,
      })
      .execute();
    await own(tx)
      .insertInto('identity.verification')
      .values({
        id: memberId,
        identifier: 'a hash',
        value: JSON.stringify({ userData: { id: memberId, name: mark } }),
        expires_at: new Date(),
      })
      .execute();
  });
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, memberId));
  const columns = await personalColumns(db);
  expect(columns.length).toBeGreaterThan(10);
  const unmarked: string[] = [];
  for (const column of columns) if ((await holding(db, column, [mark, email])) === 0) unmarked.push(column);
  expect(unmarked).toEqual([]);

  await inTransaction(db, (tx) => eraseMember(tx, memberId, new Date()));

  const left: string[] = [];
  for (const column of columns) if ((await holding(db, column, [mark, email])) > 0) left.push(column);
  expect(left).toEqual([]);
  expect(await viewerOf(deps, { cookie })).toMatchObject({ kind: 'guest' });
  expect((await consentOf(db, { memberId })).analytics).toBe(true);
  expect(await inTransaction(db, (tx) => customerOfMember(tx, memberId))).toBe(customerId);
});

type Db = Parameters<typeof inTransaction>[0];

/** As the comments in the database say, `schema.table.column`. */
async function personalColumns(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select format('%s.%s', attrelid::regclass, attname) as name from pg_attribute
    where attrelid::regclass::text like 'identity.%' and attnum > 0
      and col_description(attrelid, attnum) = 'personal'
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

async function holding(db: Db, column: string, texts: string[]): Promise<number> {
  const [schema = '', table = '', name = ''] = column.split('.');
  const { rows } = await sql<{ count: number }>`
    select count(*) from ${sql.id(schema, table)}
    where ${sql.join(
      texts.map((text) => sql`strpos(${sql.id(name)}, ${text}) > 0`),
      sql` or `,
    )}`.execute(db);
  return rows[0]?.count ?? 0;
}

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
