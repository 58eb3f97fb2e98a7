import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Discount } from './basket.ts';
import { pricingErrors } from './errors.ts';

export interface Use {
  /** One attempt to place the order; a retry of it is the same use. */
  attemptId: string;
  orderId: string;
  memberId: string | null;
  currency: string;
}

/**
 * Takes the uses of all discounts of an attempt, or none. The limits are asked on the locked rows by the statement
 * that counts, so nobody comes between; a promotion without a limit is counted by the ledger alone.
 */
export async function takeUses(
  tx: Tx,
  { attemptId, orderId, memberId, currency }: Use,
  discounts: readonly Discount[],
  now: Date,
): Promise<void> {
  if (discounts.length === 0) return;
  const ids = discounts.map(({ promotionId }) => promotionId);
  const amounts = discounts.map(({ amountMinor }) => amountMinor);
  const { rows } = await sql<{ id: string }>`
    with wanted as (
      select * from unnest(${ids}::uuid[], ${amounts}::bigint[]) as wanted (id, amount)
    ), limited as (
      select p.id from pricing.promotion p join wanted using (id)
      where num_nonnulls(uses_max, budget_minor, uses_per_member) > 0
      order by p.id for no key update of p
    ), counted as (
      update pricing.promotion p set uses = p.uses + 1, spent_minor = p.spent_minor + wanted.amount
      from limited join wanted using (id)
      where p.id = limited.id and p.valid_from <= ${now} and (p.valid_to is null or p.valid_to > ${now})
        and (p.uses_max is null or p.uses < p.uses_max)
        and (p.budget_minor is null or p.spent_minor + wanted.amount <= p.budget_minor)
      returning p.id, p.uses_per_member
    ), of_member as (
      insert into pricing.promotion_member as m (promotion_id, member_id, uses)
      select id, ${memberId}::uuid, 1 from counted
      where uses_per_member is not null and ${memberId}::uuid is not null order by id
      on conflict (promotion_id, member_id) do update set uses = m.uses + 1
      where m.uses < (select uses_per_member from counted where id = excluded.promotion_id)
      returning promotion_id
    )
    insert into pricing.promotion_use (promotion_id, attempt_id, kind, order_id, member_id, amount_minor, currency, at)
    select id, ${attemptId}::uuid, 'taken', ${orderId}::uuid, ${memberId}::uuid, amount, ${currency}, ${now}::timestamptz
    from wanted
    where id not in (select id from limited)
      or id in (select id from counted where uses_per_member is null)
      or id in (select promotion_id from of_member)
    returning promotion_id as id`.execute(tx);
  const taken = new Set(rows.map(({ id }) => id));
  const promotionIds = ids.filter((id) => !taken.has(id));
  if (promotionIds.length > 0) throw pricingErrors.promotion_used_up({ promotionIds });
}

/**
 * Takes those uses that are left of what has been granted already, and names all whose promotions exist. One that is used
 * up is granted all the same and not counted: no limit is ever counted beyond.
 */
export async function takeUsesLeft(
  tx: Tx,
  use: Use,
  granted: readonly Pick<Discount, 'promotionId' | 'amountMinor'>[],
  now: Date,
): Promise<Discount[]> {
  const ids = granted.map(({ promotionId }) => promotionId);
  const { rows } = await sql<Omit<Discount, 'amountMinor'>>`
    select id as "promotionId", name, code from pricing.promotion
    where id = any(${ids}::uuid[]) order by id`.execute(tx);
  const discounts = rows.map((known) => ({
    ...known,
    amountMinor: granted.find(({ promotionId }) => promotionId === known.promotionId)?.amountMinor ?? 0,
  }));
  for (const discount of discounts) {
    await sql`savepoint use`.execute(tx);
    try {
      await takeUses(tx, use, [discount], now);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== pricingErrors.promotion_used_up.code) throw error;
      await sql`rollback to savepoint use`.execute(tx);
    }
    await sql`release savepoint use`.execute(tx);
  }
  return discounts;
}

/** Gives back what an order has taken and not given back yet. A repeat changes nothing. */
export async function giveBackUses(tx: Tx, orderId: string, now: Date): Promise<void> {
  await sql`
    with given as (
      insert into pricing.promotion_use (promotion_id, attempt_id, kind, order_id, member_id, amount_minor, currency, at)
      select promotion_id, attempt_id, 'given_back', order_id, member_id, amount_minor, currency, ${now}::timestamptz
      from pricing.promotion_use where order_id = ${orderId} and kind = 'taken'
      on conflict do nothing
      returning promotion_id, member_id, amount_minor
    ), limited as (
      select p.id, given.amount_minor, given.member_id from pricing.promotion p join given on given.promotion_id = p.id
      where num_nonnulls(uses_max, budget_minor, uses_per_member) > 0
      order by p.id for no key update of p
    ), counted as (
      update pricing.promotion p set uses = greatest(p.uses - 1, 0),
        spent_minor = greatest(p.spent_minor - limited.amount_minor, 0)
      from limited where p.id = limited.id
      returning p.id
    )
    update pricing.promotion_member m set uses = m.uses - 1
    from limited join counted using (id)
    where m.promotion_id = limited.id and m.member_id = limited.member_id and m.uses > 0`.execute(tx);
}
