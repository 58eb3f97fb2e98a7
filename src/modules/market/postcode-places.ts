import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { type CellRange, cellRange, smallestCellAt } from './cells.ts';
import { marketErrors } from './errors.ts';
import { PLAIN_POSTCODE, plainPostcode } from './postcodes.ts';
import { type Position, regionOfCountry, UNSPECIFIED_REGION } from './regions.ts';

/** What one call takes. */
export const PLACES_MAX = 5_000;

export interface PostcodePlace extends Position {
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
  postcode: string;
}

/**
 * Each postcode once, as postcodes are compared. Publishers list a postcode with each village that has it: it lies in their
 * mean. Refuses what is no country or no postcode.
 */
export function middlesOf(places: readonly PostcodePlace[]): PostcodePlace[] {
  const sums = new Map<string, { middle: PostcodePlace; count: number }>();
  for (const { countryCode, postcode: typed, latitude, longitude } of places) {
    if (regionOfCountry(countryCode) === UNSPECIFIED_REGION)
      throw marketErrors.country_unknown({ countryCode });
    const postcode = plainPostcode(typed);
    if (!PLAIN_POSTCODE.test(postcode)) throw marketErrors.postcode_unfit({ typed });
    const key = `${countryCode} ${postcode}`;
    const known = sums.get(key) ?? { middle: { countryCode, postcode, latitude: 0, longitude: 0 }, count: 0 };
    known.count += 1;
    known.middle.latitude += (latitude - known.middle.latitude) / known.count;
    known.middle.longitude += (longitude - known.middle.longitude) / known.count;
    sums.set(key, known);
  }
  return [...sums.values()].map(({ middle }) => middle);
}

/**
 * Says where postcodes lie, in place of what was known of them, and how many changed: the same again changes none. Orders that were placed stay
 * in the region they counted in.
 */
export async function putPostcodePlaces(tx: Tx, places: readonly PostcodePlace[]): Promise<number> {
  if (places.length > PLACES_MAX) throw marketErrors.too_much({ what: 'postcodes', max: PLACES_MAX });
  // In one order, so that two calls at once wait for each other and not each for the other.
  const sorted = middlesOf(places).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const { numAffectedRows } = await sql`
    insert into market.postcode_place as known (country_code, postcode, latitude, longitude, smallest)
    select * from unnest(
      ${sorted.map(({ countryCode }) => countryCode)}::text[], ${sorted.map(({ postcode }) => postcode)}::text[],
      ${sorted.map(({ latitude }) => latitude)}::double precision[],
      ${sorted.map(({ longitude }) => longitude)}::double precision[], ${sorted.map(smallestCellAt)}::bigint[]
    )
    on conflict (country_code, postcode) do update
      set latitude = excluded.latitude, longitude = excluded.longitude, smallest = excluded.smallest
      where (known.latitude, known.longitude) <> (excluded.latitude, excluded.longitude)`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

const keyOf = ({ countryCode, postcode }: PostcodePlace) => `${countryCode} ${postcode}`;

/** Of how many postcodes of a country it is known where they lie; countries without any are not among them. */
export async function countPostcodePlaces(db: Db): Promise<{ countryCode: string; count: number }[]> {
  const { rows } = await sql<{ countryCode: string; count: number }>`
    select country_code as "countryCode", count(*)::integer as count from market.postcode_place
    group by country_code order by country_code`.execute(db);
  return rows;
}

/** The postcodes of a country that lie in some cells, in their order. */
export async function postcodesWithin(
  db: Db,
  countryCode: string,
  cells: readonly string[],
): Promise<string[]> {
  const ranges: CellRange[] = cells.map(cellRange);
  const { rows } = await sql<{ postcode: string }>`
    select place.postcode from unnest(${ranges.map(({ from }) => from)}::bigint[], ${ranges.map(({ to }) => to)}::bigint[])
      as asked (first, last)
    join market.postcode_place place
      on place.country_code = ${countryCode} and place.smallest between asked.first and asked.last
    order by place.postcode`.execute(db);
  return rows.map(({ postcode }) => postcode);
}
