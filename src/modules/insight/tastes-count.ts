import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { customersOfAgreeing, standingMembers } from '../identity/index.ts';
import { membersAppearing, personsOfMembers } from '../persons/index.ts';
import { type AdvocacyCounts, advocacyOf, NO_ADVOCACY } from './advocacy.ts';
import { FIGURES_PURPOSE } from './customers-count.ts';
import { type Acts, interestsOf, type Shelf, type Shelves, type Tastes, tastesIn } from './interests.ts';
import { own } from './own.ts';
import { businessDayAt, shiftDay } from './periods.ts';
import {
  actsOfAll,
  actsOfSome,
  type ActsOf,
  openedBeforeOrders,
  sharesOf,
  type Year,
} from './tastes-acts.ts';

const YEAR_DAYS = 365;
/** Ids travel in the address of a question. */
const CUSTOMERS_AT_ONCE = 300;
const PRODUCTS_AT_ONCE = 5_000;
const BATCHES_MAX = 100_000;

export interface KnownCustomer {
  customerId: string;
  memberId: string;
}

/** What of other modules' ledgers the count needs; whoever may read them all brings it. */
export interface TasteSources {
  /** Customers with an account who may agree, by their number. */
  customersAfter(after: string | undefined, limit: number): Promise<KnownCustomer[]>;
  shelvesOf(productIds: readonly string[]): Promise<Shelves>;
  savedByAll(year: Year): Promise<Acts[]>;
  /** By member. */
  savedBy(memberIds: readonly string[], year: Year): Promise<ActsOf[]>;
  saidBy(memberIds: readonly string[], year: Year): Promise<Map<string, Partial<AdvocacyCounts>>>;
  /** Of what everybody may see. */
  ownersOf(pieceIds: readonly string[]): Promise<Map<string, string>>;
}

type Engines = Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>;

interface Ground {
  all: Tastes;
  shelves: Map<string, readonly Shelf[]>;
  /** Orders that others placed, by the member whose thing they opened before. */
  brought: ReadonlyMap<string, number>;
  year: Year;
  countedAt: Date;
}

/**
 * Job of the night, after figures are counted: what each customer who agrees is drawn to beside everybody, and what others
 * have of them. A batch is a transaction of its own, and the later of two counts stays.
 */
export async function countTastes(deps: Engines, sources: TasteSources): Promise<void> {
  const { db, clickhouse, config, now } = deps;
  const countedAt = now();
  const today = businessDayAt(countedAt, config.timeZone);
  const year = { since: shiftDay(today, 1 - YEAR_DAYS), today, timeZone: config.timeZone };
  await numberAgreeing(db);
  const everybody = [...(await actsOfAll(clickhouse, year)), ...(await sources.savedByAll(year))];
  const shelves: Ground['shelves'] = new Map();
  await learnShelves(shelves, sources, everybody);
  const brought = await ordersBrought(deps, sources, year);
  const ground = { all: tastesIn(everybody, shelves), shelves, brought, year, countedAt };
  let after: string | undefined;
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const customers = await sources.customersAfter(after, CUSTOMERS_AT_ONCE);
    await countSome(deps, sources, customers, ground);
    after = customers.at(-1)?.customerId;
    if (customers.length < CUSTOMERS_AT_ONCE) break;
  }
  // By the latest count and not by this one: of two at once, what the earlier left goes with whichever ends last.
  await inTransaction(db, async (tx) => {
    const { latest } = await own(tx)
      .insertInto('insight.taste_count')
      .values({ counted_at: countedAt })
      .onConflict((conflict) =>
        conflict.column('singleton').doUpdateSet((eb) => ({
          counted_at: eb.fn('greatest', [
            eb.ref('insight.taste_count.counted_at'),
            eb.ref('excluded.counted_at'),
          ]),
        })),
      )
      .returning('counted_at as latest')
      .executeTakeFirstOrThrow();
    await own(tx).deleteFrom('insight.customer_interest').where('counted_at', '<', latest).execute();
    await own(tx).deleteFrom('insight.customer_advocacy').where('counted_at', '<', latest).execute();
  });
}

/** Who saves and looks without buying is drawn to something, too: they are customers once they agree to be counted. */
async function numberAgreeing(db: Db): Promise<void> {
  let after: string | undefined;
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const from = after;
    after = await inTransaction(db, (tx) =>
      customersOfAgreeing(tx, FIGURES_PURPOSE, { after: from, limit: CUSTOMERS_AT_ONCE }),
    );
    if (after === undefined) break;
  }
}

async function learnShelves(
  shelves: Ground['shelves'],
  sources: TasteSources,
  acts: readonly Acts[],
): Promise<void> {
  const unknown = [...new Set(acts.map(({ productId }) => productId))].filter((id) => !shelves.has(id));
  for (let at = 0; at < unknown.length; at += PRODUCTS_AT_ONCE) {
    const some = await sources.shelvesOf(unknown.slice(at, at + PRODUCTS_AT_ONCE));
    for (const [productId, list] of some) shelves.set(productId, list);
  }
}

/** Counted of buyers who agree to it themselves, and of nobody's own orders. */
async function ordersBrought(
  { db, clickhouse }: Engines,
  sources: TasteSources,
  year: Year,
): Promise<Map<string, number>> {
  const opened = await openedBeforeOrders(clickhouse, year);
  const orders = new Map<string, Set<string>>();
  for (let at = 0; at < opened.length; at += CUSTOMERS_AT_ONCE) {
    const some = opened.slice(at, at + CUSTOMERS_AT_ONCE);
    const owners = await sources.ownersOf([...new Set(some.map(({ pieceId }) => pieceId))]);
    const agreeing = await membersAppearing(
      db,
      [...new Set(some.map(({ personId }) => personId))],
      FIGURES_PURPOSE,
    );
    const persons = await personsOfMembers(db, [...new Set(owners.values())]);
    for (const { pieceId, personId, orderId } of some) {
      const owner = owners.get(pieceId);
      if (owner === undefined || !agreeing.has(personId) || persons.get(owner) === personId) continue;
      const found = orders.get(owner) ?? new Set();
      orders.set(owner, found.add(orderId));
    }
  }
  return new Map([...orders].map(([owner, each]) => [owner, each.size]));
}

async function countSome(
  { db, clickhouse }: Engines,
  sources: TasteSources,
  customers: readonly KnownCustomer[],
  { all, shelves, brought, year, countedAt }: Ground,
): Promise<void> {
  const appearing = await membersAppearing(
    db,
    customers.map(({ memberId }) => memberId),
    FIGURES_PURPOSE,
  );
  const agreed = customers.filter(({ memberId }) => appearing.has(memberId));
  if (agreed.length === 0) return;
  const members = agreed.map(({ memberId }) => memberId);
  const personOf = await personsOfMembers(db, members);
  const persons = [...new Set(personOf.values())];
  const ids = { customers: agreed.map(({ customerId }) => customerId), persons };
  const [{ bought, viewed }, saved, said, shares] = await Promise.all([
    actsOfSome(clickhouse, ids, year),
    sources.savedBy(members, year),
    sources.saidBy(members, year),
    sharesOf(clickhouse, persons, year),
  ]);
  await learnShelves(shelves, sources, [...bought, ...viewed, ...saved]);
  const [byCustomer, byPerson, byMember] = [bought, viewed, saved].map((acts) =>
    Map.groupBy(acts, ({ who }) => who),
  );
  const counted = agreed.map(({ customerId, memberId }) => {
    const person = personOf.get(memberId) ?? memberId;
    const acts = [
      ...(byCustomer?.get(customerId) ?? []),
      ...(byPerson?.get(person) ?? []),
      ...(byMember?.get(memberId) ?? []),
    ];
    const advocacy = advocacyOf({
      ...NO_ADVOCACY,
      ...said.get(memberId),
      shared: shares.get(person) ?? 0,
      brought: brought.get(memberId) ?? 0,
    });
    return { customerId, memberId, interests: interestsOf(tastesIn(acts, shelves), all), advocacy };
  });
  await inTransaction(db, (tx) => keepAgreed(tx, counted, countedAt));
}

interface Counted extends KnownCustomer {
  interests: ReturnType<typeof interestsOf>;
  advocacy: ReturnType<typeof advocacyOf>;
}

/** Whoever is erased meanwhile waits for the rows, and takes theirs along. */
async function keepAgreed(tx: Tx, counted: readonly Counted[], countedAt: Date): Promise<void> {
  const members = counted.map(({ memberId }) => memberId);
  const appearing = await membersAppearing(tx, members, FIGURES_PURPOSE);
  const standing = await standingMembers(tx, [...appearing]);
  const kept = counted.filter(({ memberId }) => standing.has(memberId));
  const interests = kept.flatMap(({ customerId, interests: each }) =>
    each.map(({ targetId, ownShare, allShare, ...interest }) => ({
      ...interest,
      customer_id: customerId,
      target_id: targetId,
      own_share: ownShare,
      all_share: allShare,
      counted_at: countedAt,
    })),
  );
  const advocacy = kept.flatMap(({ customerId, advocacy: each }) =>
    each ? [{ ...each, customer_id: customerId, counted_at: countedAt }] : [],
  );
  if (interests.length > 0)
    await own(tx)
      .insertInto('insight.customer_interest')
      .values(interests)
      .onConflict((conflict) =>
        conflict
          .columns(['customer_id', 'kind', 'target_id'])
          .doUpdateSet((row) => ({
            title: row.ref('excluded.title'),
            viewed: row.ref('excluded.viewed'),
            saved: row.ref('excluded.saved'),
            bought: row.ref('excluded.bought'),
            weight: row.ref('excluded.weight'),
            own_share: row.ref('excluded.own_share'),
            all_share: row.ref('excluded.all_share'),
            lift: row.ref('excluded.lift'),
            counted_at: row.ref('excluded.counted_at'),
          }))
          .whereRef('insight.customer_interest.counted_at', '<=', 'excluded.counted_at'),
      )
      .execute();
  if (advocacy.length > 0)
    await own(tx)
      .insertInto('insight.customer_advocacy')
      .values(advocacy)
      .onConflict((conflict) =>
        conflict
          .column('customer_id')
          .doUpdateSet((row) => ({
            reviews: row.ref('excluded.reviews'),
            answers: row.ref('excluded.answers'),
            made: row.ref('excluded.made'),
            shared: row.ref('excluded.shared'),
            helpful: row.ref('excluded.helpful'),
            saved: row.ref('excluded.saved'),
            brought: row.ref('excluded.brought'),
            points: row.ref('excluded.points'),
            segment: row.ref('excluded.segment'),
            counted_at: row.ref('excluded.counted_at'),
          }))
          .whereRef('insight.customer_advocacy.counted_at', '<=', 'excluded.counted_at'),
      )
      .execute();
}
