import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import type { Candidate, Facts } from './basket.ts';
import { own } from './own.ts';
import type { TaxRate } from './tax.ts';
import { currenciesWithoutTax, type DatedRate, taxRates } from './tax-rates.ts';

const AUTOMATIC_MAX = 200;

interface Asked {
  currency: string;
  codes: readonly string[];
  places: readonly string[];
  memberId: string | null;
}

/** All that a basket's price depends on: what may lower it, and how its places tax it. */
export async function pricingFacts(db: Db, asked: Asked, now: Date): Promise<Facts> {
  const { currency, codes, places, memberId } = asked;
  const { rates, withoutTax, automatic } = await keptFacts(db);
  const mayBeLower = codes.length > 0 || automatic.some((span) => holdsAt(span, now));
  return {
    promotions: mayBeLower ? await candidatesFor(db, asked, now) : [],
    rates: ratesAt(rates, places, now),
    isTaxIncluded: !withoutTax.has(currency),
    isMember: memberId !== null,
  };
}

/** When a promotion that needs no code holds. */
interface Span {
  validFrom: Date;
  validTo: Date | null;
}

const holdsAt = ({ validFrom, validTo }: Span, at: Date) =>
  validFrom <= at && (validTo === null || validTo > at);

/** Of promotions only when they hold: how much is left of them changes with every order, and is asked for. */
const keptFacts = (
  db: Db,
): Promise<{
  rates: readonly DatedRate[];
  withoutTax: ReadonlySet<string>;
  automatic: readonly Span[];
}> =>
  keptSetting(db, 'pricing.facts', async (each) => ({
    rates: await taxRates(each),
    withoutTax: new Set(await currenciesWithoutTax(each)),
    automatic: await own(each)
      .selectFrom('pricing.promotion')
      .select(['valid_from as validFrom', 'valid_to as validTo'])
      .where('code', 'is', null)
      .execute(),
  }));

/** Of each place and category the rate that holds; they come with the latest first. */
function ratesAt(rates: readonly DatedRate[], places: readonly string[], now: Date): TaxRate[] {
  const found = new Map<string, TaxRate>();
  for (const { holdsFrom, ...rate } of rates) {
    const key = `${rate.place} ${rate.category}`;
    if (places.includes(rate.place) && holdsFrom <= now && !found.has(key)) found.set(key, rate);
  }
  return [...found.values()];
}

async function candidatesFor(db: Db, { codes, memberId }: Asked, now: Date): Promise<Candidate[]> {
  const { rows } = await sql<{ promotions: Candidate[] }>`
    with candidate as (
      (select * from pricing.promotion
       where code is null and valid_from <= ${now} and (valid_to is null or valid_to > ${now})
       order by priority desc, id limit ${AUTOMATIC_MAX})
      union all
      -- Of several that had the code, the one of now, else the latest.
      (select distinct on (code) * from pricing.promotion where code = any(${codes}::text[])
       order by code, tstzrange(valid_from, valid_to) @> ${now}::timestamptz desc, valid_from desc)
    )
    select (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'code', code, 'effect', effect,
        'currency', currency, 'minGoodsMinor', min_goods_minor, 'productIds', product_ids,
        'categoryIds', category_ids, 'brandIds', brand_ids, 'regionCodes', region_codes,
        'combination', combination, 'priority', priority, 'hasBegun', valid_from <= ${now},
        'hasEnded', coalesce(valid_to <= ${now}, false), 'usesLeft', uses_max - uses,
        'budgetLeftMinor', budget_minor - spent_minor, 'isForMembers', uses_per_member is not null,
        'memberUsesLeft', uses_per_member - coalesce((
          select m.uses from pricing.promotion_member m
          where m.promotion_id = candidate.id and m.member_id = ${memberId}::uuid), 0))), '[]')
       from candidate) as promotions`.execute(db);
  return rows[0]?.promotions ?? [];
}
