import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { marketErrors } from './errors.ts';
import { huffWeights, kilometresBetween, type Sharing } from './huff.ts';
import { own } from './own.ts';
import { askToRecredit } from './recredit.ts';
import { type Position, positionsOf } from './regions.ts';

export interface TerritoryStore {
  locationId: string;
  /** What it offers beside the others: floor space, range, anything that is measured alike. */
  attractiveness: number;
  /** Needed where stores share. */
  position?: Position | undefined;
}

export interface TerritoryWish {
  /** Made by the caller, so that a retry is the same territory. */
  id: string;
  regionCode: string;
  startsOn: string;
  /** One: exclusive. Several: shared by the Huff model. None: the region above decides. */
  stores: readonly TerritoryStore[];
  note: string;
  setBy: string | null;
}

export interface Share {
  locationId: string;
  attractiveness: number;
  distanceKm: number | null;
  weight: number;
}

export interface Territory {
  id: string;
  regionCode: string;
  startsOn: string;
  /** The first day it holds no more; null while nothing ends it. */
  endsOn: string | null;
  note: string;
  setBy: string | null;
  setAt: Date;
  shares: Share[];
}

export async function sharing(db: Db): Promise<Sharing> {
  return own(db)
    .selectFrom('market.sharing')
    .select([
      'attractiveness_exponent as attractivenessExponent',
      'distance_exponent as distanceExponent',
      'distance_floor_km as distanceFloorKm',
    ])
    .executeTakeFirstOrThrow();
}

/** Changes how stores share regions, for the territories that are set from now on. */
export async function setSharing(tx: Tx, to: Sharing): Promise<void> {
  await own(tx)
    .updateTable('market.sharing')
    .set({
      attractiveness_exponent: to.attractivenessExponent,
      distance_exponent: to.distanceExponent,
      distance_floor_km: to.distanceFloorKm,
    })
    .execute();
}

/** How stores would share a region now: exclusive, by the Huff model, or not at all. */
export async function sharesFor(
  db: Db,
  regionCode: string,
  stores: readonly TerritoryStore[],
): Promise<Share[]> {
  const seen = new Set<string>();
  for (const { locationId } of stores) {
    if (seen.has(locationId)) throw marketErrors.store_twice({ locationId });
    seen.add(locationId);
  }
  const [only] = stores;
  if (stores.length <= 1) {
    const { locationId, attractiveness } = only ?? { locationId: '', attractiveness: 1 };
    return only ? [{ locationId, attractiveness, distanceKm: null, weight: 1 }] : [];
  }
  const middle = (await positionsOf(db)).get(regionCode);
  if (!middle) throw marketErrors.region_unplaced({ regionCode });
  const placed = stores.map(({ locationId, attractiveness, position }) => {
    if (!position) throw marketErrors.store_unplaced({ locationId });
    return { locationId, attractiveness, distanceKm: kilometresBetween(middle, position) };
  });
  const weights = huffWeights(placed, await sharing(db));
  return placed.map((store, index) => ({ ...store, weight: weights[index] ?? 0 }));
}

/**
 * Gives a region to stores from a day on. What was set for that day or later makes way: the territory that held the day
 * before ends there. Sales from that day on are credited anew. The same id again is a retry.
 */
export async function setTerritory(tx: Tx, wish: TerritoryWish, now: Date): Promise<void> {
  const { id, regionCode, startsOn } = wish;
  await lockRegion(tx, regionCode);
  const known = await territoryById(tx, id);
  if (known) {
    if (isSameWish(known, wish)) return;
    throw marketErrors.territory_differs({ territoryId: id });
  }
  const shares = await sharesFor(tx, regionCode, wish.stores);
  await sql`
    update market.territory set ends_on = greatest(starts_on, ${startsOn}::date)
    where region_code = ${regionCode} and (ends_on is null or ends_on > ${startsOn}::date)`.execute(tx);
  const { attractivenessExponent, distanceExponent } = await sharing(tx);
  await own(tx)
    .insertInto('market.territory')
    .values({
      id,
      region_code: regionCode,
      starts_on: startsOn,
      attractiveness_exponent: attractivenessExponent,
      distance_exponent: distanceExponent,
      note: wish.note,
      set_by: wish.setBy,
      set_at: now,
    })
    .execute();
  if (shares.length > 0) {
    await own(tx)
      .insertInto('market.territory_store')
      .values(
        shares.map(({ locationId, attractiveness, distanceKm, weight }) => ({
          territory_id: id,
          location_id: locationId,
          attractiveness,
          distance_km: distanceKm,
          weight,
        })),
      )
      .execute();
  }
  await askToRecredit(tx, regionCode, startsOn, now);
}

/** Two changes of one region wait for each other. */
async function lockRegion(tx: Tx, regionCode: string): Promise<void> {
  const found = await own(tx)
    .selectFrom('market.region')
    .select('code')
    .where('code', '=', regionCode)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!found) throw marketErrors.region_unknown({ regionCode });
}

function isSameWish(known: Territory, { regionCode, startsOn, stores }: TerritoryWish): boolean {
  const offered = (list: readonly { locationId: string; attractiveness: number }[]) =>
    new Map(list.map(({ locationId, attractiveness }) => [locationId, attractiveness]));
  return (
    known.regionCode === regionCode &&
    known.startsOn === startsOn &&
    isDeepStrictEqual(offered(known.shares), offered(stores))
  );
}

async function territoryById(db: Db, id: string): Promise<Territory | undefined> {
  const { rows } = await sql<Territory>`${TERRITORIES} where territory.id = ${id}`.execute(db);
  return rows[0];
}

const TERRITORIES = sql`
  select id, region_code as "regionCode", starts_on as "startsOn", ends_on as "endsOn", note, set_by as "setBy",
    set_at as "setAt", coalesce((
      select jsonb_agg(jsonb_build_object('locationId', location_id, 'attractiveness', attractiveness,
        'distanceKm', distance_km, 'weight', weight) order by weight desc, location_id)
      from market.territory_store where territory_id = territory.id
    ), '[]') as shares
  from market.territory`;

const TERRITORIES_MAX = 2_000;

/** Those that held on a day or later, by region; those that never held a day are left out. */
export async function territories(db: Db, onOrAfter: string): Promise<Territory[]> {
  const { rows } = await sql<Territory>`
    ${TERRITORIES}
    where ends_on is null or (ends_on > starts_on and ends_on > ${onOrAfter}::date)
    order by region_code, starts_on limit ${TERRITORIES_MAX}`.execute(db);
  return rows;
}
