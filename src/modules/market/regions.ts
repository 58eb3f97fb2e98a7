import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import type { Db } from '#platform/db.ts';
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

/** The middles of the regions, by their codes; a region whose place nobody knows is not among them. */
export async function positionsOf(db: Db, codes?: readonly string[]): Promise<Map<string, Position>> {
  let query = db
    .withTables<Pick<DB, keyof DB>>()
    .selectFrom('market.region')
    .select(['code', 'latitude', 'longitude']);
  if (codes) query = query.where('code', 'in', codes);
  const found = new Map<string, Position>();
  for (const { code, latitude, longitude } of await query.execute()) {
    if (latitude !== null && longitude !== null) found.set(code, { latitude, longitude });
  }
  return found;
}

/** The whole tree, in the order of names. */
export async function regions(db: Db): Promise<Region[]> {
  return db
    .withTables<Pick<DB, keyof DB>>()
    .selectFrom('market.region')
    .select(['code', 'kind', 'parent_code as parentCode', 'name', 'outline_id as outlineId'])
    .orderBy('name')
    .execute();
}
