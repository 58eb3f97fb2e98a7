import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { isCurrency } from '#platform/money.ts';
import { pricingErrors } from './errors.ts';
import { own } from './own.ts';

export interface DatedRate {
  place: string;
  category: string;
  name: string;
  rate: number;
  holdsFrom: Date;
}

/** Every rate that ever held or will, by place and category, the latest first. */
export async function taxRates(db: Db): Promise<DatedRate[]> {
  const rates = await own(db)
    .selectFrom('pricing.tax_rate')
    .select(['place', 'category', 'name', 'rate', 'holds_from as holdsFrom'])
    .orderBy('place')
    .orderBy('category')
    .orderBy('holds_from', 'desc')
    .execute();
  return rates.map((rate) => ({ ...rate, rate: Number(rate.rate) }));
}

/** Sets a rate from a moment that is still to come: what was sold was taxed as it was. The same again is a retry. */
export async function putTaxRate(
  tx: Tx,
  { place, category, name, rate, holdsFrom }: DatedRate,
  now: Date,
): Promise<void> {
  if (holdsFrom <= now) throw pricingErrors.rate_has_begun({ holdsFrom: holdsFrom.toISOString() });
  await own(tx)
    .insertInto('pricing.tax_rate')
    .values({ place, category, name, rate: rate.toFixed(5), holds_from: holdsFrom })
    .onConflict((conflict) =>
      conflict.columns(['place', 'category', 'holds_from']).doUpdateSet({ name, rate: rate.toFixed(5) }),
    )
    .execute();
}

/** The currencies whose prices are shown without tax. */
export async function currenciesWithoutTax(db: Db): Promise<string[]> {
  const found = await own(db)
    .selectFrom('pricing.tax_added')
    .select('currency')
    .orderBy('currency')
    .execute();
  return found.map(({ currency }) => currency);
}

/** Whether prices in a currency are shown with their tax in them, from now on. */
export async function showTax(tx: Tx, currency: string, isIncluded: boolean): Promise<void> {
  if (!isCurrency(currency)) throw pricingErrors.currency_unknown({ currency });
  await (isIncluded
    ? sql`delete from pricing.tax_added where currency = ${currency}`.execute(tx)
    : sql`insert into pricing.tax_added (currency) values (${currency}) on conflict do nothing`.execute(tx));
}
