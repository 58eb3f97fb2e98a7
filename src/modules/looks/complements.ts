import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';

/** How much a basket of each kind says: a look was put together on purpose, an order often by chance. */
const WEIGHTS = { look: 3, board: 2, order: 1 } as const;
const BASKET_MAX = 40;
const BOUGHT_DAYS = 365;
/** So many baskets that nobody saw pull a rare pair's share towards what chance gives. */
const SHRINKAGE = 4;
const KEPT = 20;

/**
 * Job, nightly. Of all baskets (looks and boards that everybody may find, orders of a year) how often two products of
 * different categories stand together. The score of B for A is the share of A's baskets that hold B, shrunk towards
 * B's share of all baskets, over the square root of that share: so that what everybody buys anyway does not win, nor what
 * was seen once. It is directed: a teapot calls for cups more than a cup for a teapot.
 */
export async function findComplements({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await inTransaction(db, (tx) => fillComplements(tx, now()));
}

export async function fillComplements(tx: Tx, now: Date): Promise<void> {
  const since = new Date(now.getTime() - BOUGHT_DAYS * 24 * 3_600_000);
  await sql`delete from looks.complement`.execute(tx);
  // How many stand in a basket is not known before it is counted: a guess too low would look up row by row what one pass finds.
  await sql`set local enable_nestloop = off`.execute(tx);
  await sql`
    with entry as materialized (
      select look_id as basket_id, product_id, ${WEIGHTS.look}::real as weight
      from looks.item join social.listed(null) as seen on seen.id = look_id group by look_id, product_id
      union all
      select basket_id, product_id, ${WEIGHTS.board} from boards.public_baskets(${BASKET_MAX})
      union all
      select basket_id, product_id, ${WEIGHTS.order} from orders.bought_baskets(${since}, ${BASKET_MAX})
    ), whole as (
      select sum(weight) as weight from (select distinct basket_id, weight from entry) as basket
    ), single as materialized (
      select product_id, category.slug as category, sum(weight) as weight
      from entry join catalog.product on product.id = product_id join catalog.category on category.id = category_id
      where publication = 'published' group by product_id, category.slug
    ), pair as (
      select a.product_id, b.product_id as other_id, sum(a.weight) as weight
      from entry as a join entry as b on b.basket_id = a.basket_id and b.product_id <> a.product_id
      group by a.product_id, b.product_id
    ), scored as (
      select pair.product_id, other_id,
        ((pair.weight + ${SHRINKAGE} * other.weight / whole.weight) / (this.weight + ${SHRINKAGE}))
          / sqrt(other.weight / whole.weight) as score
      from pair cross join whole
      join single as this on this.product_id = pair.product_id
      join single as other on other.product_id = other_id
      where this.category <> other.category
    )
    insert into looks.complement (product_id, other_id, score)
    select product_id, other_id, score from (
      select *, row_number() over (partition by product_id order by score desc, other_id) as place from scored
    ) as ranked where place <= ${KEPT}`.execute(tx);
}

/** What goes best with all of these together, none of themselves. */
export async function complementsOf(db: Db, productIds: readonly string[], max = 12): Promise<string[]> {
  const all = [...productIds];
  const { rows } = await sql<{ id: string }>`
    select other_id as id from looks.complement
    where product_id = any(${all}::uuid[]) and other_id <> all(${all}::uuid[])
    group by other_id order by sum(score) desc, other_id limit ${max}`.execute(db);
  return rows.map(({ id }) => id);
}
