import { sql } from 'kysely';
import { idsOfSlugs } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

/** Of a brand or a topic: whether the viewer follows it, and how many do. */
export interface FollowState {
  kind: 'brand' | 'topic';
  targetId: string;
  isOn: boolean;
  followers: number;
}

export async function followState(
  reads: Db,
  viewer: string | undefined,
  kind: 'brand' | 'topic',
  slug: string,
): Promise<FollowState | undefined> {
  const ids = await idsOfSlugs(reads, kind === 'brand' ? 'brand' : 'category', [slug]);
  const targetId = ids.get(slug);
  if (targetId === undefined) return undefined;
  const { rows } = await sql<{ isOn: boolean; followers: number }>`
    select exists (select from social.follow
        where follower_id = ${viewer ?? null}::uuid and kind = ${kind} and target_id = ${targetId}) as "isOn",
      coalesce((select followers from social.followed where kind = ${kind} and target_id = ${targetId}), 0) as followers`.execute(
    reads,
  );
  return { kind, targetId, isOn: rows[0]?.isOn ?? false, followers: rows[0]?.followers ?? 0 };
}

/** What a member follows beside people, by kind and name; boards as far as they may find them. */
export interface FollowedThing {
  kind: 'board' | 'brand' | 'topic';
  targetId: string;
  name: string;
  href: string;
}

export async function followedThings(reads: Db, memberId: string): Promise<FollowedThing[]> {
  const { rows } = await sql<FollowedThing>`
    select kind, target_id as "targetId", name, href from (
      select follow.kind, target_id, coalesce(board.name, brand.name, category.name) as name,
        case follow.kind when 'board' then '/boards/' || target_id when 'brand' then '/b/' || brand.slug
          else '/c/' || category.slug end as href
      from social.follow
      left join social.listed(${memberId}::uuid) as seen on follow.kind = 'board' and seen.id = target_id
      left join boards.board on board.id = seen.id
      left join catalog.brand on follow.kind = 'brand' and brand.id = target_id
      left join catalog.category on follow.kind = 'topic' and category.id = target_id
      where follower_id = ${memberId} and follow.kind in ('board', 'brand', 'topic')
    ) as followed where name is not null and href is not null order by kind, name, target_id limit 1000`.execute(
    reads,
  );
  return rows;
}
