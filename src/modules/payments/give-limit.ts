import { sql } from 'kysely';
import { mayEnter, type Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { actorOf, record } from '../identity/index.ts';
import { paymentsErrors } from './errors.ts';
import { own } from './own.ts';

/** How much one who serves buyers may give in a day, where nobody has set it. In minor units of any currency. */
export const GIVE_DEFAULT_MINOR = 10_000;
/** Those who run the marketplace give what they see fit; the trail says what. */
const UNLIMITED = 'staff:operations';

export interface GiveLimit {
  currency: string;
  aDayMinor: number;
}

export async function giveLimits(db: Db): Promise<GiveLimit[]> {
  return own(db)
    .selectFrom('payments.give_limit')
    .select(['currency', 'a_day_minor as aDayMinor'])
    .orderBy('currency')
    .execute();
}

export async function setGiveLimit(tx: Tx, viewer: Viewer, limit: GiveLimit, now: Date): Promise<void> {
  const { currency, aDayMinor } = limit;
  const actor = actorOf(viewer);
  const values = { a_day_minor: aDayMinor, set_by: actor, set_at: now };
  await own(tx)
    .insertInto('payments.give_limit')
    .values({ currency, ...values })
    .onConflict((conflict) => conflict.column('currency').doUpdateSet(values))
    .execute();
  await record(tx, actor, 'give_limit_set', undefined, { currency, aDayMinor });
}

/** Adds to what somebody has given on a day, or refuses: of two at once the second sees the first. */
export async function countGiven(
  tx: Tx,
  viewer: Viewer,
  { amountMinor, currency, day }: { amountMinor: number; currency: string; day: string },
): Promise<void> {
  if (mayEnter(viewer, UNLIMITED)) return;
  const actor = actorOf(viewer);
  const { rows: counted } = await sql`
    with most as (
      select coalesce((select a_day_minor from payments.give_limit where currency = ${currency}),
        ${GIVE_DEFAULT_MINOR})::bigint as minor
    )
    insert into payments.given_day as known (actor, currency, day, amount_minor)
    select ${actor}, ${currency}, ${day}::date, ${amountMinor}::bigint from most where ${amountMinor}::bigint <= minor
    on conflict (actor, currency, day) do update set amount_minor = known.amount_minor + excluded.amount_minor
      where known.amount_minor + excluded.amount_minor <= (select minor from most)
    returning actor`.execute(tx);
  if (counted.length > 0) return;
  const limits = await giveLimits(tx);
  const most = limits.find((each) => each.currency === currency)?.aDayMinor ?? GIVE_DEFAULT_MINOR;
  const given = await own(tx)
    .selectFrom('payments.given_day')
    .select('amount_minor as amountMinor')
    .where('actor', '=', actor)
    .where('currency', '=', currency)
    .where('day', '=', day)
    .executeTakeFirst();
  const leftMinor = Math.max(0, most - (given?.amountMinor ?? 0));
  throw paymentsErrors.more_than_may_be_given({ leftMinor, currency });
}
