import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { smallestCellAt } from './cells.ts';
import { plainPostcode, POSTCODE_CHARACTERS_MAX } from './postcodes.ts';
import { type Position, regionOfCountry } from './regions.ts';

/** The deepest region that an address lies in: its country where no area has its postcode. */
export async function regionOfAddress(db: Db, countryCode: string, postcode: string): Promise<string> {
  const [deepest] = await regionsOfAddress(db, countryCode, postcode);
  return deepest ?? regionOfCountry(countryCode);
}

/**
 * All regions of a country that an address lies in, the deepest first, its country last. At each step down it is the area that has
 * its postcode; where none has it, the one whose cells have the place of its postcode.
 */
export async function regionsOfAddress(db: Db, countryCode: string, postcode: string): Promise<string[]> {
  const country = regionOfCountry(countryCode);
  const plain = plainPostcode(postcode);
  if (plain === '' || !(await partedCountries(db)).has(country)) return [country];
  const { rows } = await sql<{ code: string }>`
    with recursive place as (
      select smallest from market.postcode_place
      where country_code = ${country} and postcode = any(${beginningsOf(plain)}::text[])
      order by length(postcode) desc limit 1
    ), inward as (
      select ${country}::text as code, 0 as depth
      union all
      select part.region_code, depth + 1 from inward cross join lateral (
        select region_code, 0 as rank from market.region_postcode
        where parent_code = inward.code and postcodes @> ${plain}::text
        union all
        select region_code, 1 from market.region_cell
        where parent_code = inward.code and smallest @> (select smallest from place)
        order by rank limit 1
      ) as part
    ) select code from inward order by depth desc`.execute(db);
  return rows.map(({ code }) => code);
}

/** Places are published of whole postcodes or of their first part ("2611" of "2611 AB"): the longest that is known says it. */
const beginningsOf = (plain: string): string[] =>
  Array.from({ length: Math.min(plain.length, POSTCODE_CHARACTERS_MAX) }, (_, count) =>
    plain.slice(0, count + 1),
  );

/** The countries that are parted: of an address elsewhere nothing need be asked. */
const partedCountries = (db: Db): Promise<ReadonlySet<string>> =>
  keptSetting(db, 'market.parted_countries', async (each) => {
    const { rows } = await sql<{ code: string }>`
      select parent_code as code from market.region_postcode
      union select parent_code from market.region_cell`.execute(each);
    return new Set(rows.map(({ code }) => code));
  });

/**
 * Those of the regions in which no address is known to lie: they, or an area around them, are made of cells in which no
 * postcode lies whose place is known.
 */
export async function regionsWithoutAddresses(db: Db, codes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive outward as (
      select code as of_code, code, parent_code, kind from market.region where code = any(${codes}::text[])
      union all
      select outward.of_code, above.code, above.parent_code, above.kind from outward
      join market.region above on above.code = outward.parent_code
    ) select distinct of_code as code from outward
    where kind = 'area' and not exists (select from market.region_postcode where region_code = outward.code)
      and not exists (
        select from market.region_cell part
        join market.postcode_place place on place.country_code = left(outward.code, 2)
          and place.smallest >= lower(part.smallest) and place.smallest < upper(part.smallest)
        where part.region_code = outward.code
      )
    order by of_code`.execute(db);
  return rows.map(({ code }) => code);
}

/** The deepest region of a country that a position lies in, by the cells of its areas. */
export async function regionOfPosition(db: Db, countryCode: string, position: Position): Promise<string> {
  const country = regionOfCountry(countryCode);
  const { rows } = await sql<{ code: string }>`
    with recursive inward as (
      select ${country}::text as code, 0 as depth
      union all
      select part.region_code, depth + 1 from market.region_cell part
      join inward on part.parent_code = inward.code
      where part.smallest @> ${smallestCellAt(position)}::bigint
    ) select code from inward order by depth desc limit 1`.execute(db);
  return rows[0]?.code ?? country;
}
