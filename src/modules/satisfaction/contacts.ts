import { isDeepStrictEqual } from 'node:util';
import { type RawBuilder, sql } from 'kysely';
import { type Actor, customerOfMember } from '#modules/identity/index.ts';
import { regionalStore, UNSPECIFIED_REGION } from '#modules/market/index.ts';
import { askedAbout } from '#modules/orders/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { tellCost } from './contact-rates.ts';
import { satisfactionErrors } from './errors.ts';
import { questionId } from './occasions.ts';
import { own } from './own.ts';
import { oweQuestion } from './questions.ts';
import type { DB } from './tables.ts';

export type Matter = DB['satisfaction.contact']['matter'];
export const MATTERS = [
  'delivery',
  'product',
  'return',
  'payment',
  'order',
  'other',
] as const satisfies Matter[];
/** By which a customer comes to staff: in writing or by telephone, at a counter, in the shop or the app. */
export const CONTACT_TOUCHPOINTS = ['service', 'till', 'web', 'app', 'agent'] as const;

interface ContactFacts {
  /** Made by the form, so that a retry is the same contact. */
  id: string;
  /** Null: about no order, but something of the shop's. */
  orderId: string | null;
  matter: Matter;
  touchpoint: (typeof CONTACT_TOUCHPOINTS)[number];
  /** Nothing is left to do: the customer is asked how it went. */
  isSettled: boolean;
  /** Of what is brought in later; else now. */
  occurredAt?: Date | undefined;
  /** Who came about no order, and where they are, as far as it is known. */
  memberId?: string | undefined;
  regionCode?: string | undefined;
}

/** A customer turned to staff. Noted again under its id it is the same contact, which may have been settled meanwhile. */
export async function noteContact(tx: Tx, actor: Actor, wish: ContactFacts, now: Date): Promise<void> {
  const { id, orderId, matter, touchpoint, isSettled } = wish;
  const { customerId, regionCode, pickupLocationId } = await whose(tx, wish);
  const occurredAt = wish.occurredAt ?? now;
  if (occurredAt > now) throw satisfactionErrors.contact_to_come({});
  const day = dayOf(occurredAt);
  const isNew = await own(tx)
    .insertInto('satisfaction.contact')
    .values({
      id,
      order_id: orderId,
      customer_id: customerId,
      matter,
      touchpoint,
      region_code: regionCode,
      location_id: pickupLocationId ?? (await regionalStore(tx, regionCode, day)) ?? null,
      noted_by: actor,
      occurred_at: occurredAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!isNew) await refuseAnother(tx, wish);
  else if (orderId !== null) await tellCost(tx, { contactId: id, orderId, occurredAt }, day);
  if (isSettled) await settleContact(tx, actor, id, isNew ? occurredAt : now);
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

async function whose(tx: Tx, { orderId, memberId, regionCode = UNSPECIFIED_REGION }: ContactFacts) {
  if (orderId === null) {
    const customerId = memberId === undefined ? null : await customerOfMember(tx, memberId);
    return { customerId, regionCode, pickupLocationId: null };
  }
  const order = await askedAbout(tx, orderId);
  if (!order) throw satisfactionErrors.order_unknown({});
  return order;
}

/** A retry of a form says no time of its own, so the time that was noted holds. */
async function refuseAnother(tx: Tx, wish: ContactFacts): Promise<void> {
  const noted = await contactById(tx, wish.id);
  const { orderId, matter, touchpoint, occurredAt = noted?.occurredAt } = wish;
  const { customerId: _of, regionCode: _in, locationId: _at, ...facts } = noted ?? {};
  if (!isDeepStrictEqual(facts, { orderId, matter, touchpoint, occurredAt }))
    throw satisfactionErrors.contact_differs({});
}

/** Nothing is left to do: the case's question is owed from now on. Settled again, nothing happens. */
export async function settleContact(tx: Tx, actor: Actor, id: string, at: Date): Promise<void> {
  const contact = await contactById(tx, id);
  if (!contact) throw satisfactionErrors.contact_unknown({});
  const isNew = await own(tx)
    .insertInto('satisfaction.settlement')
    .values({ contact_id: id, settled_by: actor, settled_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('contact_id')
    .executeTakeFirst();
  if (!isNew) return;
  const { orderId, customerId, touchpoint, regionCode, locationId } = contact;
  const facts = { orderId, customerId, touchpoint, regionCode, locationId, occurredAt: at };
  await oweQuestion(tx, { id: questionId('case', id), occasion: 'case', ...facts }, id);
}

const contactById = (tx: Tx, id: string) =>
  own(tx)
    .selectFrom('satisfaction.contact')
    .select([
      'order_id as orderId',
      'customer_id as customerId',
      'matter',
      'touchpoint',
      'region_code as regionCode',
      'location_id as locationId',
      'occurred_at as occurredAt',
    ])
    .where('id', '=', id)
    .executeTakeFirst();

export interface Contact {
  id: string;
  matter: Matter;
  touchpoint: string;
  isSettled: boolean;
  /** The customer wrote it themself: it is read and answered as a letter. */
  isLetter: boolean;
  occurredAt: Date;
}

/** Of an order, the latest first. */
export async function contactsOf(db: Db, orderId: string): Promise<Contact[]> {
  const { rows } = await sql<Contact>`
    select id, matter, touchpoint, settlement.contact_id is not null as "isSettled",
      letter.contact_id is not null as "isLetter", occurred_at as "occurredAt"
    from satisfaction.contact left join satisfaction.settlement on settlement.contact_id = id
      left join satisfaction.letter on letter.contact_id = id
    where order_id = ${orderId} order by occurred_at desc, id limit ${CONTACTS_MAX}`.execute(db);
  return rows;
}

const CONTACTS_MAX = 100;

export const CONTACT_KEYS = ['none', 'day', 'matter', 'region', 'touchpoint'] as const;
type ContactKey = (typeof CONTACT_KEYS)[number];

export interface FirstContactRow {
  key: string;
  /** Matters that are judged: seven days have gone by, or the customer came again. */
  matters: number;
  /** Those of them with one contact. */
  resolved: number;
  value: number | null;
  /** Matters that are not judged yet. */
  open: number;
}

const KEYS: Record<ContactKey, RawBuilder<unknown>> = {
  none: sql`''`,
  day: sql`to_char(occurred_at at time zone zone.name, 'YYYY-MM-DD')`,
  matter: sql`matter::text`,
  region: sql`region_code`,
  touchpoint: sql`touchpoint::text`,
};

/**
 * Matters with no repeat contact by the same customer on the same matter, at any touch point, in seven days, by the day
 * and the touch point of the first one. A contact within seven days of the one before belongs to its matter.
 */
export async function firstContacts(
  db: Db,
  { from, to }: { from: string; to: string },
  by: ContactKey,
  { now, timeZone }: { now: Date; timeZone: string },
): Promise<FirstContactRow[]> {
  const { rows } = await sql<Omit<FirstContactRow, 'value'>>`
    with zone as (select ${timeZone}::text as name), period as (
      select ${from}::date::timestamp at time zone zone.name as begins,
        (${to}::date + 1)::timestamp at time zone zone.name as ends, interval '7 days' as week from zone
    ), told as (
      select contact.*, lag(occurred_at) over matter as earlier, lead(occurred_at) over matter as later
      from satisfaction.contact cross join period
      where occurred_at >= begins - week and occurred_at <= ends + week
      window matter as (partition by coalesce(customer_id, order_id, id), matter order by occurred_at, id)
    ), matter as (
      select told.*, coalesce(later <= occurred_at + week, false) as is_repeated, occurred_at + week as until
      from told cross join period
      where (earlier is null or earlier < occurred_at - week) and occurred_at >= begins and occurred_at < ends
    )
    select ${KEYS[by]} as key,
      count(*) filter (where is_repeated or until < ${now})::integer as matters,
      count(*) filter (where not is_repeated and until < ${now})::integer as resolved,
      count(*) filter (where not is_repeated and until >= ${now})::integer as open
    from matter cross join zone group by 1 order by 1 limit ${ROWS_MAX}`.execute(db);
  return rows.map((row) => ({ ...row, value: row.matters === 0 ? null : row.resolved / row.matters }));
}

const ROWS_MAX = 1000;
