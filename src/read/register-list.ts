import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A register with its store and what its drawer does. */
export interface RegisterRow {
  id: string;
  name: string;
  currency: string;
  active: boolean;
  storeName: string;
  /** Of the shift that is open; null while the drawer is closed. */
  openedAt: Date | null;
  openedBy: string | null;
  expectedMinor: number | null;
  /** Of the last count; null where nothing was counted yet. */
  differenceMinor: number | null;
}

const PAGE = 100;

/** Registers by store and name, in use or not. */
export async function registerList(
  reads: Db,
  after: string | undefined,
): Promise<{ rows: RegisterRow[]; cursor: string | null }> {
  const beyond = after
    ? sql`where (place.name, r.name, r.id) > (
        select p.name, before.name, before.id from till.register before
        join inventory.location p on p.id = before.location_id where before.id = ${after})`
    : sql``;
  const { rows: found } = await sql<RegisterRow>`
    select r.id, r.name, r.currency, r.active, place.name as "storeName",
      open.opened_at as "openedAt", open.opened_by as "openedBy",
      (select sum(amount_minor)::bigint from till.drawer_entry
        where shift_id = open.id and kind <> 'count') as "expectedMinor",
      (select coalesce(sum(amount_minor), 0)::bigint from till.drawer_entry
        where shift_id = last.id and kind = 'count' having last.id is not null) as "differenceMinor"
    from till.register r
    join inventory.location place on place.id = r.location_id
    left join till.shift open on open.register_id = r.id and open.closed_at is null
    left join lateral (
      select id from till.shift where register_id = r.id and closed_at is not null
      order by opened_at desc, id desc limit 1) as last on true
    ${beyond} order by place.name, r.name, r.id limit ${PAGE + 1}`.execute(reads);
  const rows = found.slice(0, PAGE);
  return { rows, cursor: found.length > PAGE ? (rows.at(-1)?.id ?? null) : null };
}
