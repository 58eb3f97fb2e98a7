import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { type CellRange, cellRange, cellsWithin, middleOf, type Outline, plainCells } from './cells.ts';
import { marketErrors } from './errors.ts';
import { own } from './own.ts';
import type { Position } from './regions.ts';
import { type PostcodeRange, postcodeRange } from './postcodes.ts';

export const AREA_CODE = /^[A-Z]{2}(-[a-z0-9]+)+$/;

/** What an area is made of: one of the three. */
export type AreaPlan =
  | {
      by: 'postcodes';
      postcodes: readonly string[];
      /** Where those who live there are taken to be. Without it they are where the region above lies. */
      middle?: Position | undefined;
    }
  | { by: 'cells'; cells: readonly string[] }
  | { by: 'outline'; outline: Outline };

export interface AreaWish {
  code: string;
  parentCode: string;
  name: string;
  plan: AreaPlan;
}

export interface RegionDetail {
  code: string;
  name: string;
  kind: 'world' | 'group' | 'country' | 'area';
  parentCode: string | null;
  postcodes: string[];
  cells: string[];
}

/**
 * Makes an area within a country or another area. Areas beside each other share nothing, and an area lies within what
 * is above it. The same area again is a retry; what it consists of never changes, because sales count by its code.
 */
export async function addArea(tx: Tx, { code, parentCode, name, plan }: AreaWish): Promise<void> {
  const country = parentCode.slice(0, 2);
  if (!AREA_CODE.test(code) || code.length > 60 || code.slice(0, 2) !== country) {
    throw marketErrors.region_code_unfit({ regionCode: code });
  }
  const postcodes = plan.by === 'postcodes' ? mergedRanges(plan.postcodes) : [];
  const cells =
    plan.by === 'outline' ? cellsWithin(plan.outline) : plan.by === 'cells' ? plainCells(plan.cells) : [];
  const middle = plan.by === 'postcodes' ? plan.middle : middleOf(cells);
  const isNew = await own(tx)
    .insertInto('market.region')
    .columns(['code', 'kind', 'parent_code', 'name', 'latitude', 'longitude'])
    .expression((eb) =>
      eb
        .selectFrom('market.region')
        .select([
          sql.val(code).as('code'),
          sql<'area'>`'area'`.as('kind'),
          'code as parent_code',
          sql.val(name).as('name'),
          sql<number | null>`${middle?.latitude ?? null}::double precision`.as('latitude'),
          sql<number | null>`${middle?.longitude ?? null}::double precision`.as('longitude'),
        ])
        .where('code', '=', parentCode)
        .where('kind', 'in', ['country', 'area']),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('code')
    .executeTakeFirst();
  if (!isNew) return assertSame(tx, { code, parentCode, postcodes, cells });
  await addPostcodes(tx, code, parentCode, postcodes);
  await addCells(tx, code, parentCode, cells.map(cellRange));
}

/** Ranges as they were typed, each once. */
const mergedRanges = (typed: readonly string[]): PostcodeRange[] => [
  ...new Map(typed.map(postcodeRange).map((range) => [range.typed, range])).values(),
];

async function assertSame(
  tx: Tx,
  wish: { code: string; parentCode: string; postcodes: PostcodeRange[]; cells: string[] },
): Promise<void> {
  const known = await regionDetail(tx, wish.code);
  if (!known) throw marketErrors.region_unknown({ regionCode: wish.parentCode });
  const postcodes = wish.postcodes.map(({ typed }) => typed).sort();
  const isSame =
    known.parentCode === wish.parentCode &&
    isDeepStrictEqual([...known.postcodes].sort(), postcodes) &&
    isDeepStrictEqual([...known.cells].sort(), [...wish.cells].sort());
  if (!isSame) throw marketErrors.region_differs({ regionCode: wish.code });
}

async function addPostcodes(
  tx: Tx,
  code: string,
  parentCode: string,
  ranges: readonly PostcodeRange[],
): Promise<void> {
  for (const { typed, from, to } of ranges) {
    const outside = await isOutside(
      tx,
      sql`market.region_postcode`,
      parentCode,
      sql`
      postcodes @> market.postcode_range(${from}, ${to})`,
    );
    if (outside) throw marketErrors.outside_parent({ parentCode, part: typed });
    const { rows } = await sql`
      insert into market.region_postcode (region_code, parent_code, typed, postcodes)
      select ${code}, ${parentCode}, ${typed}, market.postcode_range(${from}, ${to})
      where not exists (
        select from market.region_postcode
        where parent_code = ${parentCode} and postcodes && market.postcode_range(${from}, ${to})
      )
      returning region_code`.execute(tx);
    if (rows.length > 0) continue;
    const other = await otherAt(
      tx,
      sql`market.region_postcode`,
      parentCode,
      sql`
      postcodes && market.postcode_range(${from}, ${to})`,
    );
    throw marketErrors.areas_overlap({ regionCode: code, otherCode: other, part: typed });
  }
}

/** Cells are entered in one statement, because there may be thousands. */
async function addCells(
  tx: Tx,
  code: string,
  parentCode: string,
  ranges: readonly CellRange[],
): Promise<void> {
  if (ranges.length === 0) return;
  const wanted = sql`unnest(${ranges.map(({ cell }) => cell)}::text[], ${ranges.map(({ from }) => from)}::bigint[],
    ${ranges.map(({ to }) => to)}::bigint[]) as wanted (cell, first, last)`;
  const smallest = sql`int8range(wanted.first, wanted.last, '[]')`;
  const { rows: outside } = await sql<{ cell: string }>`
    select wanted.cell from ${wanted}
    where exists (select from market.region_cell where region_code = ${parentCode})
      and not exists (
        select from market.region_cell above where above.region_code = ${parentCode} and above.smallest @> ${smallest}
      ) limit 1`.execute(tx);
  if (outside[0]) throw marketErrors.outside_parent({ parentCode, part: outside[0].cell });
  const { rows: entered } = await sql`
    insert into market.region_cell (region_code, parent_code, cell, smallest)
    select ${code}, ${parentCode}, wanted.cell, ${smallest} from ${wanted}
    where not exists (
      select from market.region_cell beside where beside.parent_code = ${parentCode} and beside.smallest && ${smallest}
    )
    returning cell`.execute(tx);
  if (entered.length === ranges.length) return;
  const { rows } = await sql<{ cell: string; other: string }>`
    select wanted.cell, beside.region_code as other from ${wanted}
    join market.region_cell beside on beside.parent_code = ${parentCode} and beside.smallest && ${smallest}
    where beside.region_code <> ${code} limit 1`.execute(tx);
  throw marketErrors.areas_overlap({
    regionCode: code,
    otherCode: rows[0]?.other ?? code,
    part: rows[0]?.cell ?? '',
  });
}

type Fragment = ReturnType<typeof sql>;

/** Whether the region above is made of the same kind of parts, and none of them holds this one. */
async function isOutside(tx: Tx, table: Fragment, parentCode: string, holds: Fragment): Promise<boolean> {
  const { rows } = await sql<{ outside: boolean }>`
    select exists (select from ${table} where region_code = ${parentCode})
      and not exists (select from ${table} where region_code = ${parentCode} and ${holds}) as outside`.execute(
    tx,
  );
  return rows[0]?.outside === true;
}

async function otherAt(tx: Tx, table: Fragment, parentCode: string, overlaps: Fragment): Promise<string> {
  const { rows } = await sql<{ code: string }>`
    select region_code as code from ${table} where parent_code = ${parentCode} and ${overlaps} limit 1`.execute(
    tx,
  );
  return rows[0]?.code ?? '';
}

export async function regionDetail(db: Db, code: string): Promise<RegionDetail | undefined> {
  const { rows } = await sql<RegionDetail>`
    select code, name, kind, parent_code as "parentCode",
      array(select typed from market.region_postcode where region_code = code order by postcodes) as postcodes,
      array(select cell from market.region_cell where region_code = code order by smallest) as cells
    from market.region where code = ${code}`.execute(db);
  return rows[0];
}

/** An area as a list shows it. */
export interface Area {
  code: string;
  name: string;
  /** From its country to what is right above it. */
  path: string[];
  postcodes: string[];
  cellCount: number;
}

const AREAS_MAX = 2_000;

/** All areas, each below what it lies in. */
export async function areas(db: Db): Promise<Area[]> {
  const { rows } = await sql<Area>`
    with recursive tree as (
      select code, name, array[]::text[] as path from market.region where kind = 'country'
      union all
      select region.code, region.name, tree.path || tree.code from market.region
      join tree on region.parent_code = tree.code
    )
    select code, name, path,
      array(select typed from market.region_postcode where region_code = code order by postcodes) as postcodes,
      (select count(*) from market.region_cell where region_code = code) as "cellCount"
    from tree where path <> '{}' order by path || code limit ${AREAS_MAX}`.execute(db);
  return rows;
}
