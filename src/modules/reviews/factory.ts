import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { customerOfMember } from '#modules/identity/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { noteReceived } from './received.ts';
import { type ReviewWish, writeReview } from './review.ts';

export async function aReviewedProduct(db: Db): Promise<string> {
  const id = randomUUID();
  await sql`
    insert into catalog.product (id, slug, title, publication, published_at)
    values (${id}, ${`p-${id}`}, 'A vase', 'published', now())`.execute(db);
  await sql`insert into catalog.variant (id, product_id, sku) values (${id}, ${id}, ${`V-${id}`})`.execute(
    db,
  );
  return id;
}

/** An order of one line that is with its buyer. */
export async function aReceivedLine(db: Db, productId: string, customerId: string | null) {
  const [orderId, lineId] = [randomUUID(), randomUUID()];
  await inTransaction(db, async (tx) => {
    await sql`
      insert into orders.order (id, number, state, touchpoint, customer_id, currency, region_code, business_day, placed_at,
        goods_minor, postage_minor, other_minor, total_minor)
      values (${orderId}, ${`T-${orderId}`}, 'paid', 'web', ${customerId}::uuid, 'EUR', 'NL', '2026-11-01', '2026-11-01T10:00:00Z',
        1000, 0, 0, 1000)`.execute(tx);
    await sql`
      insert into orders.order_line (id, order_id, position, kind, product_id, variant_id, title, quantity, unit_price_minor, net_minor)
      values (${lineId}, ${orderId}, 1, 'goods', ${productId},
        (select id from catalog.variant where product_id = ${productId} order by id limit 1), 'A vase', 1, 1000, 1000)`.execute(
      tx,
    );
    await noteReceived(tx, { orderId, lines: [{ lineId }], occurredAt: '2026-11-05T10:00:00Z' });
  });
  return { orderId, lineId };
}

/** A person who has one of a product from here. */
export async function aBuyer(deps: Deps, productId: string) {
  const person = await aPerson(deps);
  const customerId = await inTransaction(deps.db, (tx) => customerOfMember(tx, person.memberId));
  const line = await aReceivedLine(deps.db, productId, customerId);
  return { ...person, customerId, ...line };
}

export async function aReview(
  deps: Pick<Deps, 'db' | 'now'>,
  author: { memberId: string; customerId?: string },
  wish: Partial<ReviewWish> & { productId: string },
): Promise<string> {
  const id = wish.id ?? randomUUID();
  const words = { rating: 5, title: '', body: 'It pours.', dimensions: {}, traits: {}, photoIds: [] };
  const by = { memberId: author.memberId, customerId: author.customerId };
  await inTransaction(deps.db, (tx) => writeReview(tx, by, { ...words, ...wish, id }, deps.now()));
  return id;
}
