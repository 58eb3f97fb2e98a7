import { sql } from 'kysely';
import type { Picture } from '#modules/catalog/index.ts';
import { selfOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** A look as lists show it. */
export interface LookCard {
  id: string;
  title: string;
  ground: string;
  picture: Picture | null;
  owner: { handle: string; name: string };
  isDraft: boolean;
}

const card = `look.id, look.title, look.ground, catalog.picture(look.media_id, look.title) as picture,
  json_build_object('handle', profile.handle, 'name', profile.name) as owner, piece.state = 'draft' as "isDraft"`;

/**
 * A member's looks as `viewer` may find them, the newest first; before them their own drafts, to themselves. `before` is
 * the last of the page before.
 */
export async function looksOf(
  db: Db,
  viewer: string | undefined,
  memberId: string,
  { max = 60, before }: { max?: number; before?: string | undefined } = {},
): Promise<LookCard[]> {
  const isSelf = viewer === memberId && before === undefined;
  const { rows } = await sql<LookCard>`
    select ${sql.raw(card)}
    from social.piece join looks.look on look.id = piece.id
    join social.profile on profile.member_id = piece.owner_id
    where piece.owner_id = ${memberId} and piece.kind = 'look'
      and (exists (select from social.listed(${selfOf(viewer)}) as seen where seen.id = piece.id)
        or (${isSelf} and piece.state = 'draft'))
      ${before === undefined ? sql`` : sql`and piece.id < ${before}::uuid`}
    order by piece.state = 'draft' desc, piece.id desc limit ${max}`.execute(db);
  return rows;
}

/** Looks in which a product stands, as `viewer` may find them, the newest first. */
export async function looksWith(
  db: Db,
  viewer: string | undefined,
  productId: string,
  max = 12,
): Promise<LookCard[]> {
  const { rows } = await sql<LookCard>`
    select ${sql.raw(card)}
    from (select distinct look_id from looks.item where product_id = ${productId} order by look_id desc limit 200) as item
    join looks.look on look.id = item.look_id
    join social.piece on piece.id = look.id
    join social.profile on profile.member_id = piece.owner_id
    where exists (select from social.listed(${selfOf(viewer)}) as seen where seen.id = look.id offset 0)
    order by look.published_at desc limit ${sql.lit(max)}`.execute(db);
  return rows;
}

/** Those of the looks that `viewer` may find, in the order asked for. */
export async function looksIn(
  db: Db,
  viewer: string | undefined,
  ids: readonly string[],
): Promise<LookCard[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<LookCard>`
    select ${sql.raw(card)}
    from unnest((select ${[...ids]}::uuid[])) with ordinality as asked (id, place)
    join looks.look on look.id = asked.id
    join social.piece on piece.id = look.id
    join social.profile on profile.member_id = piece.owner_id
    where exists (select from social.listed(${selfOf(viewer)}) as seen where seen.id = look.id offset 0)
    order by asked.place`.execute(db);
  return rows;
}
