import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A region as a map of its country draws it. */
export interface RegionShape {
  code: string;
  name: string;
  parentCode: string | null;
  latitude: number | null;
  longitude: number | null;
  /** The H3 cells that it is made of; of an area of postcodes there are none. */
  cells: string[];
}

const SHAPES_MAX = 500;
const CELLS_MAX = 20_000;

/** A country with all areas below it, each after what it lies in. An area of more cells than can be drawn comes without them. */
export async function shapesOf(reads: Db, countryCode: string): Promise<RegionShape[]> {
  const { rows } = await sql<RegionShape>`
    with recursive tree as (
      select code, name, parent_code, latitude, longitude, 0 as depth from market.region where code = ${countryCode}
      union all
      select region.code, region.name, region.parent_code, region.latitude, region.longitude, depth + 1
      from market.region join tree on region.parent_code = tree.code
    ), sized as (
      select tree.*, (select count(*) from market.region_cell where region_code = tree.code) as cells from tree
      order by depth, code limit ${SHAPES_MAX}
    ), drawn as (
      select sized.*, sum(cells) over (order by depth, code) as so_far from sized
    )
    select code, name, parent_code as "parentCode", latitude, longitude,
      case when so_far <= ${CELLS_MAX}
        then array(select cell from market.region_cell where region_code = drawn.code order by smallest)
        else '{}' end as cells
    from drawn order by depth, code`.execute(reads);
  return rows;
}

/** From the country, or what has none, down to the region. */
export async function regionPath(reads: Db, regionCode: string): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive outward as (
      select code, parent_code, kind, 0 as steps from market.region where code = ${regionCode}
      union all
      select above.code, above.parent_code, above.kind, steps + 1 from outward
      join market.region above on above.code = outward.parent_code
      where outward.kind = 'area'
    ) select code from outward order by steps desc`.execute(reads);
  return rows.map(({ code }) => code);
}
