import { sql } from 'kysely';
import { savedProducts, saversOf } from '#modules/boards/index.ts';
import { cardsOf } from '#modules/catalog/index.ts';
import { notifyManyAnew } from '#modules/social/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';

const BATCH = 200;
/** A job's run ends after so many batches; the next run begins anew. */
const BATCHES_MAX = 2_000;
const SAVERS = 500;

interface Seen {
  productId: string;
  amountMinor: number | null;
  currency: string | null;
  inStock: boolean;
}

/**
 * Job. Tells those who saved a product that it costs less than when we last looked, or can be had again: once for each
 * change, since what is told and what was seen are written together.
 */
export async function followPrices({ db, now }: Deps): Promise<void> {
  let after: string | null = null;
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const ids = await savedProducts(db, after, BATCH);
    const cards = await cardsOf(db, ids);
    const seen = ids.flatMap((productId): Seen[] => {
      const card = cards.get(productId);
      if (!card) return [];
      const { price, inStock } = card;
      return [
        { productId, amountMinor: price?.amountMinor ?? null, currency: price?.currency ?? null, inStock },
      ];
    });
    await inTransaction(db, (tx) => look(tx, seen, now()));
    after = ids.at(-1) ?? null;
    if (ids.length < BATCH) return;
  }
}

async function look(tx: Tx, seen: readonly Seen[], now: Date): Promise<void> {
  const { rows } = await sql<Seen & { wasMinor: number | null; cheaper: boolean; back: boolean }>`
    with fresh as (
      select * from unnest(${seen.map((each) => each.productId)}::uuid[], ${seen.map((each) => each.amountMinor)}::bigint[],
        ${seen.map((each) => each.currency)}::text[], ${seen.map((each) => each.inStock)}::boolean[])
        as t (product_id, amount_minor, currency, in_stock)
    ), before as (
      select watched.* from feed.watched join fresh using (product_id) order by product_id for update of watched
    ), kept as (
      insert into feed.watched as known (product_id, amount_minor, currency, in_stock, looked_at)
      select product_id, amount_minor, currency::platform.currency, in_stock, ${now} from fresh order by product_id
      on conflict (product_id) do update set amount_minor = excluded.amount_minor, currency = excluded.currency,
        in_stock = excluded.in_stock, looked_at = excluded.looked_at
      where (known.amount_minor, known.currency, known.in_stock)
        is distinct from (excluded.amount_minor, excluded.currency, excluded.in_stock)
    )
    select product_id as "productId", fresh.amount_minor as "amountMinor", fresh.currency, fresh.in_stock as "inStock",
      before.amount_minor as "wasMinor",
      coalesce(fresh.currency = before.currency and fresh.amount_minor < before.amount_minor, false) as cheaper,
      fresh.in_stock and not before.in_stock as back
    from fresh join before using (product_id) order by product_id`.execute(tx);
  for (const row of rows) {
    const { productId, amountMinor, wasMinor, currency } = row;
    if (row.cheaper)
      await tell(tx, 'price_dropped', { productId, wasMinor, isMinor: amountMinor, currency }, now);
    if (row.back) await tell(tx, 'back_in_stock', { productId }, now);
  }
}

interface Told {
  productId: string;
  [fact: string]: string | number | null;
}

/** Everybody who saved it, once however often they did: by the pin that they made last. */
async function tell(tx: Tx, kind: 'price_dropped' | 'back_in_stock', data: Told, now: Date): Promise<void> {
  const told = new Set<string>();
  let after: string | null = null;
  for (;;) {
    const savers = await saversOf(tx, data.productId, after, SAVERS);
    const whom = savers.flatMap(({ memberId, pinId }) => {
      if (told.has(memberId)) return [];
      told.add(memberId);
      return [{ memberId, pieceId: pinId }];
    });
    if (whom.length > 0) await notifyManyAnew(tx, { kind, whom, data }, now);
    if (savers.length < SAVERS) return;
    after = savers.at(-1)?.pinId ?? null;
  }
}
