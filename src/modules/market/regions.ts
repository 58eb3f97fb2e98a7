import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { own } from './own.ts';
import type { DB } from './tables.ts';

export interface Region {
  code: string;
  kind: DB['market.region']['kind'];
  parentCode: string | null;
  name: string;
  /** ISO 3166-1 numeric, by which the world's outlines know a country. */
  outlineId: string | null;
}

/** Where an address counts whose country nobody knows. */
export const UNSPECIFIED_REGION = 'x-unspecified';

const COUNTRIES = new Set(codes.map(([alpha2]) => alpha2));

/** The region of a country by its ISO 3166-1 alpha-2 code. */
export function regionOfCountry(countryCode: string): string {
  return COUNTRIES.has(countryCode) ? countryCode : UNSPECIFIED_REGION;
}

export interface Position {
  latitude: number;
  longitude: number;
}

/**
 * The middles of the regions, by their codes. A region without one of its own lies where the region above it does; one
 * whose place nobody knows is not among them.
 */
export const positionsOf = (db: Db): Promise<ReadonlyMap<string, Position>> =>
  keptSetting(db, 'market.positions', async (each) => {
    const { rows } = await sql<{ code: string } & Position>`
      with recursive outward as (
        select code, parent_code, latitude, longitude from market.region
        union all
        select outward.code, above.parent_code, above.latitude, above.longitude from outward
        join market.region above on above.code = outward.parent_code
        where outward.latitude is null
      ) select code, latitude, longitude from outward where latitude is not null`.execute(each);
    return new Map(rows.map(({ code, ...position }) => [code, position]));
  });

/** The whole tree, in the order of names. */
export async function regions(db: Db): Promise<Region[]> {
  return own(db)
    .selectFrom('market.region')
    .select(['code', 'kind', 'parent_code as parentCode', 'name', 'outline_id as outlineId'])
    .orderBy('name')
    .execute();
}

/** Those of the codes that are regions of the market, and not the one for what nobody knows. */
export async function knownRegions(db: Db, codes: readonly string[]): Promise<Set<string>> {
  const rows = await own(db)
    .selectFrom('market.region')
    .select('code')
    .where('code', 'in', [...codes, ''])
    .where('code', '<>', UNSPECIFIED_REGION)
    .execute();
  return new Set(rows.map(({ code }) => code));
}
