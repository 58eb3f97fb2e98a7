import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { LookItem, LookWish, Wording } from './look.ts';

export interface Parts extends LookWish {
  items: LookItem[];
  wordings: Wording[];
  version: number;
}

/** What a look consists of, for whoever was let see it. */
export async function partsOf(db: Db, id: string): Promise<Parts> {
  const { rows } = await sql<Parts>`
    select title, words, ground, scene_id as "sceneId", version,
      coalesce((select json_agg(json_build_object('productId', product_id, 'variantId', variant_id, 'shape', shape,
        'x', x, 'y', y, 'width', width, 'turn', turn, 'place', place) order by place)
        from looks.item where look_id = look.id), '[]') as items,
      coalesce((select json_agg(json_build_object('words', words, 'x', x, 'y', y, 'size', size, 'turn', turn,
        'colour', colour, 'place', place) order by place)
        from looks.wording w where look_id = look.id), '[]') as wordings
    from looks.look where id = ${id}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error(`a piece says that ${id} is a look`);
  return row;
}
