import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { membersOfCustomers, standingMembers } from '../identity/index.ts';
import { membersAppearing } from '../persons/index.ts';
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
 * Job of the night. Everybody's purchases are scored beside each other; a row is kept of those who agree to it. Each step is
 * a transaction of its own, and the later of two counts stays.
 */
export async function countCustomers(
  deps: Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>,
): Promise<void> {
  const { db, clickhouse, config, now } = deps;
  const countedAt = now();
  // Read first: the figures are then at least as current as it says.
  const { asOf } = await freshness(db);
  const all = await purchasesOfAll(clickhouse, businessDayAt(countedAt, config.timeZone));
  for (const [currency, customers = []] of Map.groupBy(all, (each) => each.currency)) {
    const fits = fitOf(customers);
    const rows = rowsOf(customers, fits, countedAt);
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      const some = rows.slice(at, at + ROWS_AT_ONCE);
      await inTransaction(db, (tx) => keepAgreed(tx, some));
    }
    await inTransaction(db, (tx) =>
      noteCount(tx, {
        currency,
        counted_at: countedAt,
        as_of: asOf,
        customers: customers.length,
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
  const net = scoresOf(customers.map(({ netMinor }) => netMinor));
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
      netScore: net[index] ?? 1,
      stillHere: chance,
    };
    return {
      customer_id: customer.customerId,
      currency: customer.currency,
      recency_days: recencyDays,
      orders,
      net_minor: customer.netMinor,
      orders_ever: ordersEver,
      recency_score: scored.recencyScore,
      orders_score: scored.ordersScore,
      net_score: scored.netScore,
      segments: segmentsOf(scored).map(({ name }) => name),
      still_here: chance,
      expected_orders: model && expectedPurchases(model, history, HORIZON.weeks),
      expected_minor:
        model && ofAmounts && customerValueMinor({ purchases: model, amounts: ofAmounts }, customer, HORIZON),
      counted_at: countedAt,
    };
  });
}

/** Whoever is erased meanwhile waits for the rows, and takes theirs along. */
async function keepAgreed(tx: Tx, rows: ReturnType<typeof rowsOf>): Promise<void> {
  const members = await membersOfCustomers(
    tx,
    rows.map((row) => row.customer_id),
  );
  const appearing = await membersAppearing(tx, [...members.values()], FIGURES_PURPOSE);
  const standing = await standingMembers(tx, [...appearing]);
  const kept = rows.filter((row) => standing.has(members.get(row.customer_id) ?? ''));
  if (kept.length === 0) return;
  await own(tx)
    .insertInto('insight.customer_figure')
    .values(kept)
    .onConflict((conflict) =>
      conflict
        .columns(['customer_id', 'currency'])
        .doUpdateSet((row) => ({
          recency_days: row.ref('excluded.recency_days'),
          orders: row.ref('excluded.orders'),
          net_minor: row.ref('excluded.net_minor'),
          orders_ever: row.ref('excluded.orders_ever'),
          recency_score: row.ref('excluded.recency_score'),
          orders_score: row.ref('excluded.orders_score'),
          net_score: row.ref('excluded.net_score'),
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

/** What was counted of a person who is erased goes with them. */
export async function eraseCustomerFigures(tx: Tx, customerId: string): Promise<void> {
  await own(tx).deleteFrom('insight.customer_figure').where('customer_id', '=', customerId).execute();
}
