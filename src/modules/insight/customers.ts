import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { knownCustomerOf, membersOfCustomers } from '../identity/index.ts';
import { customersTogether, membersAppearing } from '../persons/index.ts';
import { FIGURES_PURPOSE } from './customers-count.ts';
import { ADVOCACY_SEGMENTS, type AdvocacySegment } from './advocacy.ts';
import { type Segment, type SegmentName, segmentsOf } from './customers-scores.ts';
import { insightErrors } from './errors.ts';
import { own } from './own.ts';
import type { NoFit } from './purchase-model.ts';
import { type CustomerTastes, tastesOfAgreed, tastesOfPerson, tastesTogether } from './tastes.ts';

/** What a person bought in one currency as any of their customers, in numbers; told under one of these. */
export interface CustomerFigures {
  customerId: string;
  memberId: string;
  currency: string;
  recencyDays: number;
  recencyScore: number;
  orders: number;
  ordersScore: number;
  netMinor: number;
  /** What is left of it once goods and serving are paid for, as far as their cost is known: contribution margin 2. */
  marginMinor: number;
  marginScore: number;
  ordersEver: number;
  segments: Segment[];
  /** Of the next 52 weeks; null where nothing could be fitted, and then `fault` says why. */
  stillHere: number | null;
  expectedOrders: number | null;
  expectedMinor: number | null;
  purchasesFault: NoFit | null;
  amountsFault: NoFit | null;
  asOf: Date;
}

type Row = Omit<CustomerFigures, 'memberId' | 'segments'> & { customers: string[] };

const rowsWhere = (condition: ReturnType<typeof sql>) => sql<Row>`
  select figure.customer_id as "customerId", figure.customers, figure.currency, recency_days as "recencyDays",
    recency_score as "recencyScore", orders, orders_score as "ordersScore", net_minor as "netMinor",
    margin_minor as "marginMinor", margin_score as "marginScore", orders_ever as "ordersEver", still_here as "stillHere",
    expected_orders as "expectedOrders", expected_minor as "expectedMinor",
    purchases_fault as "purchasesFault", amounts_fault as "amountsFault", as_of as "asOf"
  from insight.customer_figure figure join insight.customer_count counted on counted.currency = figure.currency
  where ${condition}`;

/**
 * Rows of those who agree at this moment, whatever they agreed to when they were counted; and only while the person is who was
 * counted: of a merge that was undone nobody sees the other's purchases.
 */
async function appearing(db: Db, rows: readonly Row[]): Promise<CustomerFigures[]> {
  const members = await membersOfCustomers(
    db,
    rows.map(({ customerId }) => customerId),
  );
  const agreed = await membersAppearing(db, [...members.values()], FIGURES_PURPOSE);
  const together = await customersTogether(
    db,
    rows.map(({ customerId }) => customerId),
  );
  return rows.flatMap(({ customers, ...row }) => {
    const memberId = members.get(row.customerId);
    if (memberId === undefined || !agreed.has(memberId)) return [];
    if (!isDeepStrictEqual(together.get(row.customerId), customers)) return [];
    return [{ ...row, memberId, segments: segmentsOf(row) }];
  });
}

export interface CustomersQuestion {
  currency: string;
  segment?: SegmentName | AdvocacySegment | undefined;
  /** A category or a brand that they are drawn to. */
  interest?: string | undefined;
  /** Where the page before ended. */
  after?: { netMinor: number; customerId: string } | undefined;
  limit: number;
}

export interface CustomerPage {
  /** Null where the currency was never counted. */
  counted: { asOf: Date; customers: number; purchasesFault: NoFit | null; amountsFault: NoFit | null } | null;
  customers: CustomerFigures[];
  /** By customer, of all that are shown. */
  tastes: Map<string, CustomerTastes>;
  next: { netMinor: number; customerId: string } | undefined;
}

/**
 * Who bought for the most first. A page may hold fewer than were asked for, and still be followed by another: who has
 * withdrawn their consent since the count is left out, and whoever was joined to another or parted from one until the next count.
 */
export async function customersSeen(
  db: Db,
  { currency, segment, interest, after, limit }: CustomersQuestion,
): Promise<CustomerPage> {
  const isAdvocacy = ADVOCACY_SEGMENTS.some((name) => name === segment);
  const ofAdvocacy = sql`and exists (select from insight.customer_advocacy as advocacy
    where advocacy.customer_id = any(figure.customers) and advocacy.segment = ${segment})`;
  const ofFigures = segment ? sql`and ${segment} = any(segments)` : sql``;
  const within = isAdvocacy ? ofAdvocacy : ofFigures;
  const drawn = interest
    ? sql`and exists (select from insight.customer_interest as interest
        where interest.customer_id = any(figure.customers) and interest.target_id = ${interest}::uuid)`
    : sql``;
  const beyond = after
    ? sql`and (net_minor < ${after.netMinor}::bigint
        or (net_minor = ${after.netMinor}::bigint and customer_id > ${after.customerId}::uuid))`
    : sql``;
  const [{ rows }, counted] = await Promise.all([
    rowsWhere(sql`figure.currency = ${currency} and is_first ${within} ${drawn} ${beyond}
      order by net_minor desc, customer_id limit ${limit + 1}`).execute(db),
    own(db)
      .selectFrom('insight.customer_count')
      .select([
        'as_of as asOf',
        'customers',
        sql<NoFit | null>`purchases_fault`.as('purchasesFault'),
        sql<NoFit | null>`amounts_fault`.as('amountsFault'),
      ])
      .where('currency', '=', currency)
      .executeTakeFirst(),
  ]);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const customers = await appearing(db, shown);
  return {
    counted: counted ?? null,
    customers,
    tastes: await tastesOfPersons(db, customers, shown),
    next: last && { netMinor: last.netMinor, customerId: last.customerId },
  };
}

/** Of each who is shown, what all of their accounts are drawn to: by any of them they are found. */
async function tastesOfPersons(
  db: Db,
  shown: readonly { customerId: string }[],
  rows: readonly Row[],
): Promise<Map<string, CustomerTastes>> {
  const accounts = new Map(rows.map(({ customerId, customers }) => [customerId, customers]));
  const accountsOf = (id: string) => accounts.get(id) ?? [id];
  const told = await tastesOfAgreed(
    db,
    shown.flatMap(({ customerId }) => accountsOf(customerId)),
  );
  return new Map(
    shown.map(({ customerId }) => [
      customerId,
      tastesTogether(accountsOf(customerId).flatMap((id) => told.get(id) ?? [])),
    ]),
  );
}

/**
 * One customer, a row for each currency, the most used first; none before the first count. Refused where there is no such
 * member, and where they do not agree.
 */
export async function customerSeen(
  db: Db,
  customerId: string,
): Promise<{ memberId: string; figures: CustomerFigures[] } & CustomerTastes> {
  const memberId = (await membersOfCustomers(db, [customerId])).get(customerId);
  if (memberId === undefined) throw insightErrors.customer_not_found({});
  const agreed = await membersAppearing(db, [memberId], FIGURES_PURPOSE);
  if (!agreed.has(memberId)) throw insightErrors.consent_missing({ purpose: FIGURES_PURPOSE });
  return { memberId, figures: await figuresOf(db, customerId), ...(await tastesOfPerson(db, customerId)) };
}

/** What is kept of a member, for themselves. */
export async function figuresOfMember(db: Db, memberId: string): Promise<CustomerFigures[]> {
  const customerId = await knownCustomerOf(db, memberId);
  return customerId === undefined ? [] : figuresOf(db, customerId);
}

async function figuresOf(db: Db, customerId: string): Promise<CustomerFigures[]> {
  const { rows } = await rowsWhere(
    sql`customer_id = ${customerId} order by orders_ever desc, figure.currency`,
  ).execute(db);
  return appearing(db, rows);
}
