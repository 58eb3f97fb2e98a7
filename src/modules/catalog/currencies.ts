import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { isCurrency } from '#platform/money.ts';
import { type Actor, record } from '../identity/index.ts';
import { catalogErrors } from './errors.ts';

/** A currency that the shop sells in. */
export interface SoldCurrency {
  currency: string;
  /** ISO 3166-1 alpha-2: whose visitors see prices in it until they choose another. */
  countryCodes: string[];
}

export interface SoldCurrencies {
  /** The marketplace's. */
  own: string;
  /** Beside it, by name. */
  others: SoldCurrency[];
}

export async function soldCurrencies(reads: Db): Promise<SoldCurrencies> {
  const { rows } = await sql<SoldCurrencies>`
    select currency as own, coalesce((
      select json_agg(json_build_object('currency', s.currency, 'countryCodes', s.country_codes) order by s.currency)
      from catalog.sold_currency s where s.currency <> m.currency), '[]') as others
    from catalog.marketplace m`.execute(reads);
  return rows[0] ?? { own: 'EUR', others: [] };
}

/** Sells in a currency from now on; a variant is, once it has a price in it. A country is one currency's only. */
export async function sellIn(tx: Tx, actor: Actor, { currency, countryCodes }: SoldCurrency): Promise<void> {
  if (!isCurrency(currency)) throw catalogErrors.currency_unknown({ currency });
  // Two who give one country to two currencies come one after the other.
  await sql`lock table catalog.sold_currency in share row exclusive mode`.execute(tx);
  const { rows } = await sql<{ currency: string; country: string }>`
    select s.currency, country from catalog.sold_currency s, unnest(s.country_codes) country
    where s.currency <> ${currency} and country = any(${countryCodes}::text[]) order by country limit 1`.execute(
    tx,
  );
  const [taken] = rows;
  if (taken) throw catalogErrors.country_taken({ countryCode: taken.country, currency: taken.currency });
  await sql`
    insert into catalog.sold_currency (currency, country_codes) values (${currency}, ${countryCodes})
    on conflict (currency) do update set country_codes = excluded.country_codes`.execute(tx);
  await record(tx, actor, 'currency_sold', `currency:${currency}`, { countryCodes });
}

/** Nobody can choose it any more. Its prices stay, and so do carts and orders in it. */
export async function stopSellingIn(tx: Tx, actor: Actor, currency: string): Promise<void> {
  const { rows } = await sql`
    delete from catalog.sold_currency where currency = ${currency} returning currency`.execute(tx);
  if (rows.length > 0) await record(tx, actor, 'currency_not_sold', `currency:${currency}`);
}

/** What a visitor sees prices in: what they chose, else what their country's visitors do, else the marketplace's. */
export function currencyFor(
  { own, others }: SoldCurrencies,
  chosen: string | undefined,
  countryCode: string | undefined,
): string {
  if (chosen === own || others.some(({ currency }) => currency === chosen)) return chosen ?? own;
  const local = others.find(({ countryCodes }) => countryCode && countryCodes.includes(countryCode));
  return local?.currency ?? own;
}
