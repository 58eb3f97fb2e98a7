import { sql } from 'kysely';
import type { BulkTx } from '#platform/bulk.ts';
import type { Db, Tx } from '#platform/db.ts';
import { idOf, newId } from '#platform/ids.ts';
import type { Part } from '#platform/together.ts';
import { membersConsenting, type Purpose } from './consent.ts';
import { own } from './own.ts';

/** The customer that a member is, made at the first question. Any number may ask at once: all get the same. */
export async function customerOfMember(tx: Tx, memberId: string): Promise<string> {
  await own(tx)
    .insertInto('identity.customer')
    .values({ id: newId(), member_id: memberId })
    .onConflict((conflict) => conflict.column('member_id').doNothing())
    .execute();
  const { id } = await own(tx)
    .selectFrom('identity.customer')
    .select('id')
    .where('member_id', '=', memberId)
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * Members who agree to a purpose are customers from now on, bought or not: so many of those after `after` at once. Answers the
 * last one that was looked at, undefined where there was none.
 */
export async function customersOfAgreeing(
  tx: Tx,
  purpose: Purpose,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select member.id from identity.member
    where ${after === undefined ? sql`true` : sql`member.id > ${after}::uuid`} and erased_at is null
      and not exists (select from identity.customer where member_id = member.id)
      and exists (select from identity.consent where consent.member_id = member.id and purpose = ${purpose} and granted)
    order by member.id limit ${limit}`.execute(tx);
  const agreeing = await membersConsenting(
    tx,
    rows.map(({ id }) => id),
    purpose,
  );
  const standing = [...(await standingMembers(tx, [...agreeing]))].sort();
  if (standing.length > 0)
    await own(tx)
      .insertInto('identity.customer')
      .values(standing.map((memberId) => ({ id: newId(), member_id: memberId })))
      .onConflict((conflict) => conflict.column('member_id').doNothing())
      .execute();
  return rows.at(-1)?.id;
}

/** The customer that a member is, for readers: undefined for one who was never asked to be one. */
export async function knownCustomerOf(db: Db, memberId: string): Promise<string | undefined> {
  const known = await own(db)
    .selectFrom('identity.customer')
    .select('id')
    .where('member_id', '=', memberId)
    .executeTakeFirst();
  return known?.id;
}

/** The members that customers are, those who still are; by customer. */
export async function membersOfCustomers(
  db: Db,
  customerIds: readonly string[],
): Promise<Map<string, string>> {
  if (customerIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; memberId: string }>`
    select customer.id, member.id as "memberId" from identity.customer
    join identity.member on member.id = customer.member_id and member.erased_at is null
    where customer.id = any(${[...customerIds]}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, memberId }) => [id, memberId]));
}

/**
 * Those of the members who have an account, held until the transaction ends: who is erased meanwhile waits, and finds what
 * was written of them.
 */
export async function standingMembers(tx: Tx, memberIds: readonly string[]): Promise<Set<string>> {
  const ids = [...new Set(memberIds)].filter((id) => UUID.test(id));
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select id from identity.member where id = any(${ids}::uuid[]) and erased_at is null order by id for share`.execute(
    tx,
  );
  return new Set(rows.map(({ id }) => id));
}

/** A customer who is somebody still: a guest, or a member who has not gone. Held until the transaction ends. */
export async function isCustomerStanding(tx: Tx, customerId: string): Promise<boolean> {
  const { rows } = await sql`
    select from identity.customer left join identity.member on member.id = customer.member_id
    where customer.id = ${customerId} and member.erased_at is null for share of customer`.execute(tx);
  return rows.length > 0;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The member whose confirmed address it is. */
export async function memberOfEmail(db: Db, email: string): Promise<string | undefined> {
  const known = await own(db)
    .selectFrom('identity.member')
    .select('id')
    .where('email', '=', email.trim().toLowerCase())
    .where('email_verified', '=', true)
    .where('erased_at', 'is', null)
    .executeTakeFirst();
  return known?.id;
}

/** A buyer without an account: one for each purchase, since nobody knows whether it is the same person. */
export const addedGuestCustomer = (id: string): Part => ({
  changes: [sql`identity_customer as (insert into identity.customer (id) values (${id}))`],
});

/** The id that an import's customer always has. */
const customerIdOf = (source: string, ref: string) => idOf(`${source}:customer`, ref);

/**
 * Customers whom an import knows by a reference of its own and nothing else. Answers the id of each.
 * Those who are here already stay as they are, so a repeat changes nothing.
 */
export async function customersFor(
  bulk: BulkTx,
  source: string,
  refs: Iterable<string>,
): Promise<Map<string, string>> {
  const ids = new Map([...new Set(refs)].map((ref) => [ref, customerIdOf(source, ref)]));
  // COPY knows no `on conflict`: the rows arrive beside the table, and only the new ones go in.
  await sql`create temp table if not exists customer_arriving (id uuid, external_ref text) on commit drop`.execute(
    bulk.tx,
  );
  await bulk.copy(
    'customer_arriving',
    ['id', 'external_ref'],
    ids.entries().map(([ref, id]) => [id, ref]),
  );
  await sql`
    insert into identity.customer (id, source, external_ref)
    select id, ${source}, external_ref from customer_arriving
    on conflict do nothing`.execute(bulk.tx);
  await sql`truncate customer_arriving`.execute(bulk.tx);
  return ids;
}
