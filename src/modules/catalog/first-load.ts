import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';

/**
 * Runs `work` on the empty catalogue without its foreign keys, secondary indexes and triggers, and then makes
 * them again: building each once is several times faster than keeping it up row by row. The keys are
 * checked when they return, so nothing gets past them. Others wait for the tables until the transaction ends.
 */
export async function withoutGuards(tx: Tx, work: () => Promise<void>): Promise<void> {
  await sql`set local maintenance_work_mem = '256MB'`.execute(tx);
  const { rows: constraints } = await sql<Guard>`
    select conrelid::regclass::text as "table", quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where connamespace = 'catalog'::regnamespace and contype in ('f', 'x') order by conrelid::regclass::text, conname`.execute(
    tx,
  );
  const { rows: indexes } = await sql<Guard>`
    select indrelid::regclass::text as "table", indexrelid::regclass::text as name,
      pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = 'catalog'::regnamespace and not indisprimary
      and not exists (select from pg_constraint where conindid = indexrelid)`.execute(tx);
  for (const { table, name } of constraints) await run(tx, `alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) {
    // Completing an import's lists looks for its variants and offers by product.
    if (!LOOKED_UP.has(name)) await run(tx, `drop index ${name}`);
  }
  await run(tx, 'alter table catalog.product_listing disable trigger user');
  await work();
  await run(tx, 'alter table catalog.product_listing enable trigger user');
  await sql`select catalog.rebuild_scopes()`.execute(tx);
  for (const { name, definition } of indexes) if (!LOOKED_UP.has(name)) await run(tx, definition);
  for (const { table, name, definition } of constraints) {
    await run(tx, `alter table ${table} add constraint ${name} ${definition}`);
  }
  await run(tx, 'analyze catalog.product_listing, catalog.scope_entry, catalog.scope_count');
}

const LOOKED_UP = new Set(['catalog.variant_of_product', 'catalog.offer_of_variant']);

interface Guard {
  table: string;
  name: string;
  definition: string;
}

const run = (tx: Tx, statement: string) => sql.raw(statement).execute(tx);
