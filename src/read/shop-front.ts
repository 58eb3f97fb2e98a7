import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Picture } from '../modules/catalog/index.ts';
import type { Location } from '../modules/inventory/index.ts';
import { pictureJson } from './picture.ts';

/** A store as shoppers see it. */
export type Store = Omit<Location, 'kind' | 'mediaId'> & { picture: Picture | null };

export interface ShopFront {
  /** What the home page opens with. */
  head: Picture | null;
  stores: Store[];
}

/** How the shop looks from the street: the picture at its head, and its stores by name. One statement. */
export async function shopFront(reads: Db): Promise<ShopFront> {
  const { rows } = await sql<ShopFront>`
    select
      (select ${pictureJson(sql`''`)} from catalog.media m where m.id = home.head_media_id) as head,
      coalesce((
        select json_agg(json_build_object('id', l.id, 'code', l.code, 'name', l.name, 'street', l.street,
          'postcode', l.postcode, 'city', l.city, 'countryCode', l.country_code, 'latitude', l.latitude,
          'longitude', l.longitude, 'timeZone', l.time_zone, 'openingHours', l.opening_hours,
          'picture', (select ${pictureJson(sql`l.name`)} from catalog.media m where m.id = l.media_id))
          order by l.name, l.id)
        from inventory.location l where l.kind = 'store'), '[]') as stores
    from catalog.marketplace home`.execute(reads);
  return rows[0] ?? { head: null, stores: [] };
}
