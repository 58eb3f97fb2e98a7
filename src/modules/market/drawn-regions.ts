import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { cellRange, smallestCellAt } from './cells.ts';

/**
 * The areas below a region whose middle lies within some cells, with the areas in them that have no place of their
 * own: of what went there it is known that it lies within.
 */
export async function areasWithin(db: Db, regionCode: string, cells: readonly string[]): Promise<string[]> {
  const ranges = cells.map(cellRange).map(({ from, to }) => ({ from: BigInt(from), to: BigInt(to) }));
  const { rows } = await sql<{ code: string; latitude: number; longitude: number }>`
    with recursive below as (
      select code, latitude, longitude from market.region where parent_code = ${regionCode} and kind = 'area'
      union all
      select region.code, coalesce(region.latitude, below.latitude), coalesce(region.longitude, below.longitude)
      from market.region join below on region.parent_code = below.code
    ) select code, latitude, longitude from below where latitude is not null`.execute(db);
  return rows.flatMap(({ code, ...position }) => {
    const at = BigInt(smallestCellAt(position));
    return ranges.some(({ from, to }) => from <= at && at <= to) ? [code] : [];
  });
}
