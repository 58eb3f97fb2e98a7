import { sql } from 'kysely';
import type { AdvocacyCounts, KnownCustomer, TasteSources } from '#modules/insight/index.ts';
import type { Db } from '#platform/db.ts';

/** What people saved, said and made, as the night's count of interests and advocacy asks for it. */
export const tasteSources = (reads: Db, halfLifeDays: number): TasteSources => ({
  customersAfter: async (after, limit) =>
    (
      await sql<KnownCustomer>`
        select customer.id as "customerId", member.id as "memberId" from identity.customer
        join identity.member on member.id = customer.member_id and member.erased_at is null
        where ${after === undefined ? sql`true` : sql`customer.id > ${after}::uuid`} and exists (
          select from identity.consent where consent.member_id = member.id and purpose = 'analytics' and granted)
        order by customer.id limit ${limit}`.execute(reads)
    ).rows,

  shelvesOf: async (productIds) => {
    const { rows } = await sql<{
      productId: string;
      kind: 'category' | 'brand';
      targetId: string;
      title: string;
    }>`
      select product.id as "productId", shelf.kind, shelf.id as "targetId", shelf.title from catalog.product
      left join catalog.category on category.id = product.category_id
      left join catalog.brand on brand.id = product.brand_id
      cross join lateral (values ('category', category.id, category.name), ('brand', brand.id, brand.name))
        as shelf (kind, id, title)
      where product.id = any(${productIds.filter((id) => UUID.test(id))}::uuid[]) and shelf.id is not null
      order by product.id, shelf.kind`.execute(reads);
    return Map.groupBy(rows, ({ productId }) => productId);
  },

  savedByAll: async (year) => await savedPins(reads, halfLifeDays, year, undefined),
  savedBy: async (memberIds, year) => await savedPins(reads, halfLifeDays, year, memberIds),
  saidBy: async (memberIds, year) => await saidBy(reads, memberIds, year),

  ownersOf: async (pieceIds) => {
    const { rows } = await sql<{ id: string; ownerId: string }>`
      select id, owner_id as "ownerId" from social.piece
      where id = any(${[...pieceIds]}::uuid[]) and state = 'live' and visibility = 'public' and owner_id is not null`.execute(
      reads,
    );
    return new Map(rows.map(({ id, ownerId }) => [id, ownerId]));
  },
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Days {
  since: string;
  today: string;
  timeZone: string;
}

/** Pins of products that stand, each counting half after the half-life; by member, or all together. */
async function savedPins(
  reads: Db,
  halfLifeDays: number,
  { since, today, timeZone }: Days,
  memberIds: readonly string[] | undefined,
) {
  const { rows } = await sql<{ who: string; productId: string; count: number; decayed: number }>`
    select ${memberIds ? sql`owner_id::text` : sql`''`} as who, product_id as "productId", count(*)::integer as count,
      sum(power(0.5::float8, greatest(0, ${today}::date - day) / ${halfLifeDays}::float8)) as decayed
    from (
      select piece.owner_id, pin.product_id, (pin.added_at at time zone ${timeZone})::date as day
      from boards.pin join social.piece on piece.id = pin.id
      where piece.state = 'live' and pin.product_id is not null
        ${memberIds ? sql`and piece.owner_id = any(${[...memberIds]}::uuid[])` : sql``}
    ) as saved
    where day between ${since}::date and ${today}::date
    group by 1, 2 order by 1, 2`.execute(reads);
  return rows.map((row) => ({ ...row, act: 'saved' as const }));
}

/** Only of what everybody may see, and of others what they themselves did for all to see or to help. */
async function saidBy(reads: Db, memberIds: readonly string[], { since, timeZone }: Days) {
  const from = sql`(${since}::date::timestamp at time zone ${timeZone})`;
  const members = sql`${[...memberIds]}::uuid[]`;
  const seen = sql`piece.state = 'live' and root.state = 'live' and root.visibility = 'public'`;
  const { rows } = await sql<{ memberId: string } & Partial<AdvocacyCounts>>`
    select owner_id as "memberId", count(*) filter (where kind = 'review')::integer as reviews,
      count(*) filter (where kind = 'answer')::integer as answers,
      count(*) filter (where kind in ('look', 'post'))::integer as made,
      sum(helpful)::integer as helpful, sum(saved)::integer as saved
    from (
      select piece.owner_id, piece.kind, 0 as saved, (
          select count(*) from reviews.vote where vote.piece_id = piece.id and is_helpful and vote.at >= ${from}
            and vote.member_id <> piece.owner_id) as helpful
      from social.piece join social.piece root on root.id = piece.root_id
      where piece.owner_id = any(${members}) and piece.kind in ('review', 'answer', 'look', 'post')
        and piece.made_at >= ${from} and ${seen}
      union all
      select piece.owner_id, piece.kind, count(*), 0
      from social.piece join social.piece root on root.id = piece.root_id
      join boards.pin copy on copy.saved_from = piece.id and copy.added_at >= ${from}
      join social.piece theirs on theirs.id = copy.id and theirs.state = 'live' and theirs.owner_id <> piece.owner_id
      join social.piece place on place.id = theirs.root_id and place.state = 'live' and place.visibility = 'public'
      where piece.owner_id = any(${members}) and piece.kind = 'pin' and ${seen}
      group by piece.owner_id, piece.kind
    ) as done group by owner_id`.execute(reads);
  return new Map(rows.map(({ memberId, ...counts }) => [memberId, counts]));
}
