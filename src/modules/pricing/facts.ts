import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Candidate, Facts } from './basket.ts';
import type { TaxRate } from './tax.ts';

const AUTOMATIC_MAX = 200;

/** All that a basket's price depends on, in one statement: what may lower it, and how its places tax it. */
export async function pricingFacts(
  db: Db,
  {
    currency,
    codes,
    places,
    memberId,
  }: { currency: string; codes: readonly string[]; places: readonly string[]; memberId: string | null },
  now: Date,
): Promise<Facts> {
  const { rows } = await sql<{ promotions: Candidate[]; rates: TaxRate[]; isTaxIncluded: boolean }>`
    with candidate as (
      (select * from pricing.promotion
       where code is null and valid_from <= ${now} and (valid_to is null or valid_to > ${now})
       order by priority desc, id limit ${AUTOMATIC_MAX})
      union all
      -- Of several that had the code, the one of now, else the latest.
      (select distinct on (code) * from pricing.promotion where code = any(${codes}::text[])
       order by code, tstzrange(valid_from, valid_to) @> ${now}::timestamptz desc, valid_from desc)
    )
    select not exists (select from pricing.tax_added where currency = ${currency}) as "isTaxIncluded",
      (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'code', code, 'effect', effect,
        'currency', currency, 'minGoodsMinor', min_goods_minor, 'productIds', product_ids,
        'categoryIds', category_ids, 'brandIds', brand_ids, 'regionCodes', region_codes,
        'combination', combination, 'priority', priority, 'hasBegun', valid_from <= ${now},
        'hasEnded', coalesce(valid_to <= ${now}, false), 'usesLeft', uses_max - uses,
        'budgetLeftMinor', budget_minor - spent_minor, 'isForMembers', uses_per_member is not null,
        'memberUsesLeft', uses_per_member - coalesce((
          select m.uses from pricing.promotion_member m
          where m.promotion_id = candidate.id and m.member_id = ${memberId}::uuid), 0))), '[]')
       from candidate) as promotions,
      (select coalesce(json_agg(json_build_object('place', place, 'category', category, 'name', name, 'rate', rate)), '[]')
       from (select distinct on (place, category) * from pricing.tax_rate
             where place = any(${places}::text[]) and holds_from <= ${now}
             order by place, category, holds_from desc) as rate) as rates`.execute(db);
  const [facts] = rows;
  if (!facts) throw new Error('a statement without a table answered no row');
  return { ...facts, isMember: memberId !== null };
}
