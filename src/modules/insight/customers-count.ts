import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { membersOfCustomers, standingMembers } from '../identity/index.ts';
import { customersTogether, membersAppearing, regroupings } from '../persons/index.ts';
import { type AmountFit, customerValueMinor, fitAmounts } from './customer-value.ts';
import { type CustomerPurchases, purchasesOfAll } from './customers-histories.ts';
import { scoresOf, segmentsOf } from './customers-scores.ts';
import { freshness } from './freshness.ts';
import { own } from './own.ts';
import { businessDayAt } from './periods.ts';
import {
  expectedPurchases,
  fitPurchases,
  type NoFit,
  type PurchaseFit,
  stillHere,
} from './purchase-model.ts';

/** What consent a person's figures need. */
export const FIGURES_PURPOSE = 'analytics';
const HORIZON = { weeks: 52, yearlyDiscount: 0.1 };
/** Parameters hardly move beyond so many customers, and the fit keeps a process busy for as long as it takes. */
const SAMPLE_MAX = 3_000;
const ROWS_AT_ONCE = 500;

interface Fits {
  purchases: PurchaseFit | NoFit;
  amounts: AmountFit | NoFit;
}

const fitOf = (customers: readonly CustomerPurchases[]): Fits => {
  const sample = customers.slice(0, SAMPLE_MAX);
  return {
    purchases: fitPurchases(sample.map(({ history }) => history)),
    amounts: fitAmounts(sample.map(({ amounts }) => amounts)),
  };
};

const faultOf = (fit: PurchaseFit | AmountFit | NoFit): NoFit | null =>
  typeof fit === 'string' ? fit : null;

/**
 * Job of the night. Everybody's purchases are scored beside each other, customers who are one person as one; a row is kept of
 * those who agree to it. Each step is a transaction of its own, and the later of two counts stays.
 */
export async function countCustomers(
  deps: Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>,
): Promise<void> {
  const { db, clickhouse, config, now } = deps;
  const countedAt = now();
  // Read first: the figures are then at least as current as it says.
  const { asOf } = await freshness(db);
  const known = await regroupings(db);
  const all = await purchasesOfAll(clickhouse, businessDayAt(countedAt, config.timeZone));
  for (const [currency, customers = []] of Map.groupBy(all, (each) => each.currency)) {
    const fits = fitOf(customers);
    const rows = rowsOf(customers, fits, countedAt);
    const counted = new Set(rows.flatMap((row) => row.customers));
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      const some = rows.slice(at, at + ROWS_AT_ONCE);
      await inTransaction(db, (tx) => keepAgreed(tx, some, counted));
    }
    await inTransaction(db, (tx) =>
      noteCount(tx, {
        currency,
        counted_at: countedAt,
        as_of: asOf,
        customers: customers.length,
        regroupings: known,
        purchases_fault: faultOf(fits.purchases),
        amounts_fault: faultOf(fits.amounts),
      }),
    );
  }
  await inTransaction(db, async (tx) => {
    await own(tx).deleteFrom('insight.customer_figure').where('counted_at', '<', countedAt).execute();
    await own(tx).deleteFrom('insight.customer_count').where('counted_at', '<', countedAt).execute();
  });
}

function rowsOf(customers: readonly CustomerPurchases[], { purchases, amounts }: Fits, countedAt: Date) {
  // Fewer days are the better score.
  const recency = scoresOf(customers.map(({ recencyDays }) => -recencyDays));
  const often = scoresOf(customers.map(({ orders }) => orders));
  const margin = scoresOf(customers.map(({ marginMinor }) => marginMinor));
  return customers.map((customer, index) => {
    const { history, recencyDays, orders, ordersEver } = customer;
    const model = typeof purchases === 'string' ? null : purchases.model;
    const ofAmounts = typeof amounts === 'string' ? null : amounts.model;
    const chance = model && stillHere(model, history);
    const scored = {
      recencyDays,
      orders,
      ordersEver,
      recencyScore: recency[index] ?? 1,
      ordersScore: often[index] ?? 1,
      marginScore: margin[index] ?? 1,
      stillHere: chance,
    };
    return {
      customers: customer.customers,
      currency: customer.currency,
      recency_days: recencyDays,
      orders,
      net_minor: customer.netMinor,
      margin_minor: customer.marginMinor,
      orders_ever: ordersEver,
      recency_score: scored.recencyScore,
      orders_score: scored.ordersScore,
      margin_score: scored.marginScore,
      segments: segmentsOf(scored).map(({ name }) => name),
      still_here: chance,
      expected_orders: model && expectedPurchases(model, history, HORIZON.weeks),
      expected_minor:
        model && ofAmounts && customerValueMinor({ purchases: model, amounts: ofAmounts }, customer, HORIZON),
      counted_at: countedAt,
    };
  });
}

/**
 * A row for each account of a person, with what all of their customers bought. Whom the graph has joined or parted while it was
 * counted waits for the next count. Whoever is erased meanwhile waits for the rows, and takes theirs along.
 */
async function keepAgreed(
  tx: Tx,
  rows: ReturnType<typeof rowsOf>,
  counted: ReadonlySet<string>,
): Promise<void> {
  const together = await customersTogether(
    tx,
    rows.flatMap(({ customers }) => customers),
  );
  const members = await membersOfCustomers(tx, [...new Set([...together.values()].flat())]);
  const appearing = await membersAppearing(tx, [...members.values()], FIGURES_PURPOSE);
  const standing = await standingMembers(tx, [...appearing]);
  const kept = rows.flatMap(({ customers, ...row }) => {
    const person = together.get(customers[0] ?? '') ?? [];
    const isSame = isDeepStrictEqual(
      person.filter((id) => counted.has(id)),
      customers,
    );
    const accounts = person.filter((id) => isSame && standing.has(members.get(id) ?? ''));
    return accounts.map((id, index) => ({
      ...row,
      customer_id: id,
      customers: person,
      is_first: index === 0,
    }));
  });
  if (kept.length === 0) return;
  await own(tx)
    .insertInto('insight.customer_figure')
    .values(kept)
    .onConflict((conflict) =>
      conflict
        .columns(['customer_id', 'currency'])
        .doUpdateSet((row) => ({
          customers: row.ref('excluded.customers'),
          is_first: row.ref('excluded.is_first'),
          recency_days: row.ref('excluded.recency_days'),
          orders: row.ref('excluded.orders'),
          net_minor: row.ref('excluded.net_minor'),
          margin_minor: row.ref('excluded.margin_minor'),
          orders_ever: row.ref('excluded.orders_ever'),
          recency_score: row.ref('excluded.recency_score'),
          orders_score: row.ref('excluded.orders_score'),
          margin_score: row.ref('excluded.margin_score'),
          segments: row.ref('excluded.segments'),
          still_here: row.ref('excluded.still_here'),
          expected_orders: row.ref('excluded.expected_orders'),
          expected_minor: row.ref('excluded.expected_minor'),
          counted_at: row.ref('excluded.counted_at'),
        }))
        .whereRef('insight.customer_figure.counted_at', '<=', 'excluded.counted_at'),
    )
    .execute();
}

interface CountRow {
  currency: string;
  counted_at: Date;
  as_of: Date;
  customers: number;
  regroupings: number;
  purchases_fault: NoFit | null;
  amounts_fault: NoFit | null;
}

async function noteCount(tx: Tx, { currency, ...count }: CountRow): Promise<void> {
  await own(tx)
    .insertInto('insight.customer_count')
    .values({ currency, ...count })
    .onConflict((conflict) =>
      conflict
        .column('currency')
        .doUpdateSet(count)
        .where('insight.customer_count.counted_at', '<=', count.counted_at),
    )
    .execute();
}

/** What was counted of a person who is erased goes with them, in the rows of their other accounts too. */
export async function eraseCustomerFigures(tx: Tx, customerId: string): Promise<void> {
  await sql`delete from insight.customer_figure where customers @> array[${customerId}::uuid]`.execute(tx);
  await own(tx).deleteFrom('insight.customer_interest').where('customer_id', '=', customerId).execute();
  await own(tx).deleteFrom('insight.customer_advocacy').where('customer_id', '=', customerId).execute();
}

/** Job: counts again where customers became one person, or ceased to be, since the last count. */
export async function countRegrouped(
  deps: Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>,
): Promise<void> {
  const number = await regroupings(deps.db);
  const behind = await own(deps.db)
    .selectFrom('insight.customer_count')
    .select('currency')
    .where('regroupings', '<', number)
    .limit(1)
    .executeTakeFirst();
  if (behind) await countCustomers(deps);
}
