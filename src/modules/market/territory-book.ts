import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Holder, HoldersAt } from './credits.ts';

interface Held {
  startsOn: string;
  endsOn: string | null;
  holders: Holder[];
}

const NOBODY: readonly Holder[] = [{ locationId: null, weight: 1 }];

/** Whose each region was on each day, read once: a batch of sales asks it thousands of times. */
export async function territoryBook(db: Db): Promise<HoldersAt> {
  const [parents, held] = [await parentsOf(db), await heldRegions(db)];
  const known = new Map<string, readonly Holder[]>();
  const look = (regionCode: string, day: string): readonly Holder[] => {
    let code: string | null | undefined = regionCode;
    while (code) {
      const found = held
        .get(code)
        ?.find(({ startsOn, endsOn }) => startsOn <= day && (endsOn === null || day < endsOn));
      if (found) return found.holders;
      code = parents.get(code);
    }
    return NOBODY;
  };
  return (regionCode, day) => {
    const key = `${regionCode} ${day}`;
    let holders = known.get(key);
    if (!holders) known.set(key, (holders = look(regionCode, day)));
    return holders;
  };
}

/** The store that a region belongs to on a day; undefined where it belongs to none, or to several. */
export async function regionalStore(db: Db, regionCode: string, day: string): Promise<string | undefined> {
  const holders = (await territoryBook(db))(regionCode, day);
  return holders.length === 1 ? (holders[0]?.locationId ?? undefined) : undefined;
}

async function parentsOf(db: Db): Promise<Map<string, string | null>> {
  const { rows } = await sql<{ code: string; parent: string | null }>`
    select code, parent_code as parent from market.region`.execute(db);
  return new Map(rows.map(({ code, parent }) => [code, parent]));
}

/** By region. A territory without stores holds nothing: it is left out, and the parent's is found. */
async function heldRegions(db: Db): Promise<Map<string, Held[]>> {
  const { rows } = await sql<Held & { regionCode: string }>`
    select territory.region_code as "regionCode", starts_on as "startsOn", ends_on as "endsOn",
      jsonb_agg(jsonb_build_object('locationId', location_id, 'weight', weight) order by location_id) as holders
    from market.territory
    join market.territory_store store on store.territory_id = territory.id
    where ends_on is null or ends_on > starts_on
    group by territory.id`.execute(db);
  return Map.groupBy(rows, ({ regionCode }) => regionCode);
}
