import pg from 'pg';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { unknownReference } from '../catalog/index.ts';
import { knownRegions } from '../market/index.ts';
import { isCurrency } from '#platform/money.ts';
import { pricingErrors } from './errors.ts';
import type { Promotion, PromotionTerms } from './promotion.ts';

/** Writes a promotion. The same again changes nothing; one that has ended stays as it was. */
export async function putPromotion(tx: Tx, id: string, terms: PromotionTerms, now: Date): Promise<Promotion> {
  const { currency, validFrom, validTo } = terms;
  if (currency !== null && !isCurrency(currency)) throw pricingErrors.currency_unknown({ currency });
  const hasAmounts =
    terms.minGoodsMinor > 0 || terms.budgetMinor !== null || terms.effect.kind === 'amount_off';
  if (currency === null && hasAmounts) throw pricingErrors.currency_missing({});
  if (validTo !== null && Date.parse(validTo) < Date.parse(validFrom)) throw pricingErrors.dates_reversed({});
  const { productIds: product, categoryIds: category, brandIds: brand } = terms;
  const unknown = await unknownReference(tx, { product, category, brand });
  if (unknown) throw pricingErrors.reference_unknown(unknown);
  const known = await knownRegions(tx, terms.regionCodes);
  const regionCode = terms.regionCodes.find((code) => !known.has(code));
  if (regionCode !== undefined) throw pricingErrors.region_unknown({ regionCode });
  const before = await promotionLocked(tx, id);
  if (before) refuseChange(before, terms, now);
  await write(tx, id, { ...terms, code: terms.code?.toUpperCase() ?? null });
  return promotionOf(tx, id);
}

/** Ends it now; one that has not begun never will. A repeat changes nothing. */
export async function endPromotion(tx: Tx, id: string, now: Date): Promise<void> {
  await promotionOf(tx, id);
  await sql`
    update pricing.promotion set valid_to = greatest(${now}, valid_from)
    where id = ${id} and (valid_to is null or valid_to > ${now})`.execute(tx);
}

export async function promotionOf(db: Db, id: string): Promise<Promotion> {
  const { rows } = await sql<Promotion>`select ${COLUMNS} from pricing.promotion where id = ${id}`.execute(
    db,
  );
  const [promotion] = rows;
  if (!promotion) throw pricingErrors.promotion_not_found({ promotionId: id });
  return promotion;
}

export interface PromotionPage {
  promotions: Promotion[];
  cursor: string | null;
}

/** The newest first, by their ids: those that Stoa makes grow with time. */
export async function promotions(
  db: Db,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<PromotionPage> {
  const { rows } = await sql<Promotion>`
    select ${COLUMNS} from pricing.promotion where ${cursor ?? null}::uuid is null or id < ${cursor ?? null}::uuid
    order by id desc limit ${limit + 1}`.execute(db);
  const shown = rows.slice(0, limit);
  return { promotions: shown, cursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

type Before = Promotion & { isUsed: boolean };

async function promotionLocked(tx: Tx, id: string): Promise<Before | undefined> {
  const { rows } = await sql<Before>`
    select ${COLUMNS}, exists (select from pricing.promotion_use u where u.promotion_id = promotion.id) as "isUsed"
    from pricing.promotion where id = ${id} for update`.execute(tx);
  return rows[0];
}

const isLimited = ({ usesMax, budgetMinor, usesPerMember }: PromotionTerms) =>
  usesMax !== null || budgetMinor !== null || usesPerMember !== null;

function refuseChange(before: Before, terms: PromotionTerms, now: Date): void {
  const { id: promotionId, validTo, uses, spentMinor, isUsed, currency } = before;
  if (validTo !== null && Date.parse(validTo) <= now.getTime())
    throw pricingErrors.promotion_ended({ promotionId });
  if (isUsed && currency !== terms.currency) throw pricingErrors.currency_fixed({ promotionId });
  if (isUsed && !isLimited(before) && isLimited(terms)) throw pricingErrors.limit_too_late({ promotionId });
  const isBelow = uses > (terms.usesMax ?? uses) || spentMinor > (terms.budgetMinor ?? spentMinor);
  if (isBelow) throw pricingErrors.used_more({ uses, spentMinor });
}

async function write(tx: Tx, id: string, terms: PromotionTerms): Promise<void> {
  const { code, effect, productIds, categoryIds, brandIds, regionCodes } = terms;
  try {
    await sql`
      insert into pricing.promotion (id, name, code, effect, currency, min_goods_minor, product_ids, category_ids,
        brand_ids, region_codes, combination, priority, valid_from, valid_to, uses_max, budget_minor, uses_per_member)
      values (${id}, ${terms.name.trim()}, ${code}, ${JSON.stringify(effect)}, ${terms.currency}, ${terms.minGoodsMinor},
        ${productIds}, ${categoryIds}, ${brandIds}, ${regionCodes}, ${terms.combination}, ${terms.priority},
        ${terms.validFrom}, ${terms.validTo}, ${terms.usesMax}, ${terms.budgetMinor}, ${terms.usesPerMember})
      on conflict (id) do update set name = excluded.name, code = excluded.code, effect = excluded.effect,
        currency = excluded.currency, min_goods_minor = excluded.min_goods_minor,
        product_ids = excluded.product_ids, category_ids = excluded.category_ids, brand_ids = excluded.brand_ids,
        region_codes = excluded.region_codes, combination = excluded.combination, priority = excluded.priority,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to, uses_max = excluded.uses_max,
        budget_minor = excluded.budget_minor, uses_per_member = excluded.uses_per_member`.execute(tx);
  } catch (error) {
    const isTaken = error instanceof pg.DatabaseError && error.constraint === 'one_code_at_a_time';
    if (isTaken && code !== null) throw pricingErrors.code_taken({ code });
    throw error;
  }
}

const moment = (column: 'valid_from' | 'valid_to') =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = sql`
  id, name, code, effect, currency, min_goods_minor as "minGoodsMinor", product_ids as "productIds",
  category_ids as "categoryIds", brand_ids as "brandIds", region_codes as "regionCodes", combination, priority,
  ${moment('valid_from')} as "validFrom", ${moment('valid_to')} as "validTo", uses_max as "usesMax",
  budget_minor as "budgetMinor", uses_per_member as "usesPerMember", uses, spent_minor as "spentMinor"`;
