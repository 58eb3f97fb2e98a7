import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db.ts';

/**
 * Makes the listing rows of these products anew. Every command that touches a product ends with it, in its
 * own transaction: a list never shows what the tables do not say. `now` is when prices are asked for.
 */
export async function refreshListings(tx: Tx, productIds: readonly string[], now?: Date): Promise<void> {
  if (productIds.length === 0) return;
  const ids = [...new Set(productIds)].toSorted();
  // Of two who refresh a product at once, the second waits here, and then sees what the first has written.
  await sql`select from catalog.product where id = any(${ids}::uuid[]) order by id for no key update`.execute(
    tx,
  );
  await sql`
    delete from catalog.product_listing l
    where l.product_id = any(${ids}::uuid[])
      and not exists (select from catalog.product p where p.id = l.product_id and p.publication = 'published')`.execute(
    tx,
  );
  await sql`
    insert into catalog.product_listing
    select (made).* from (${listings(sql`p.id = any(${ids}::uuid[])`, now)} offset 0) each
    on conflict (product_id) do update set
      price_minor = excluded.price_minor, currency = excluded.currency, in_stock = excluded.in_stock,
      popularity = excluded.popularity, published_at = excluded.published_at,
      price_ends_at = excluded.price_ends_at, scopes = excluded.scopes, tiers = excluded.tiers,
      facets = excluded.facets, words = excluded.words, card = excluded.card
    where (product_listing.price_minor, product_listing.currency, product_listing.in_stock,
        product_listing.popularity, product_listing.published_at, product_listing.price_ends_at,
        product_listing.scopes, product_listing.tiers, product_listing.facets, product_listing.words,
        product_listing.card::text)
      is distinct from (excluded.price_minor, excluded.currency, excluded.in_stock,
        excluded.popularity, excluded.published_at, excluded.price_ends_at,
        excluded.scopes, excluded.tiers, excluded.facets, excluded.words, excluded.card::text)`.execute(tx);
}

/** Makes the listing rows of published products that have none yet: of a whole import, in one statement. */
export async function addMissingListings(tx: Tx, source: string): Promise<void> {
  const missing = sql`p.source = ${source}
    and not exists (select from catalog.product_listing l where l.product_id = p.id)`;
  await sql`
    insert into catalog.product_listing
    select (made).* from (${listings(missing)} offset 0) each`.execute(tx);
}

/** A picture as cards and pages show it, from `m` (media) and an expression for its alternative text. */
export const PICTURE = sql.raw(
  `'sha256', m.sha256, 'width', m.width, 'height', m.height, 'colour', m.colour, 'files', m.files`,
);

/** `lower case words, joined by hyphens`: an option's name as a facet code. */
const OPTION_CODE = sql.raw(`trim('-' from regexp_replace(lower(unaccent(o.name)), '[^a-z0-9]+', '-', 'g'))`);

/**
 * For each published product that `which` says, its whole listing row as `made`. A subquery for each product, not
 * joins: the planner would else make the rows of all products before it leaves out those not asked for.
 */
const listings = (which: RawBuilder<unknown>, now?: Date): RawBuilder<unknown> => sql`
  select (select row(p.id, price.amount_minor, price.currency, stock.is_available,
    coalesce(sold.units_sold, 0)::integer, p.published_at, clock.ends_at, found.scopes, found.tiers, chosen.facets,
    found.words,
    jsonb_build_object(
      'id', p.id, 'slug', p.slug, 'title', p.title,
      'brand', case when b.id is not null then jsonb_build_object('slug', b.slug, 'name', b.name) end,
      'price', case when price.amount_minor is not null then jsonb_build_object(
        'amountMinor', price.amount_minor, 'compareAtMinor', price.compare_at_minor,
        'currency', price.currency, 'isFrom', price.is_from) end,
      'picture', shown.pictures -> 0, 'secondPicture', shown.pictures -> 1,
      'options', coalesce(option.list, '[]'), 'inStock', stock.is_available)::json)::catalog.product_listing
  from (values (p.id)) this (product_id)
  left join catalog.brand b on b.id = p.brand_id
  left join catalog.category_path tree on tree.category_id = p.category_id
  left join catalog.popularity sold on sold.product_id = this.product_id
  ${offersNow(now)}
  cross join lateral (
    select coalesce(bool_or(a.is_available), false) as is_available
    from catalog.variant v join catalog.variant_availability a on a.variant_id = v.id
    where v.product_id = p.id
  ) stock
  cross join lateral (
    select jsonb_agg(jsonb_build_object('alt', pm.alt, ${PICTURE}) order by pm.position) as pictures
    from catalog.product_media pm join catalog.media m on m.id = pm.media_id
    where pm.product_id = p.id and pm.position < 2
  ) shown
  ${facetsAndWords()}) as made
  from catalog.product p where p.publication = 'published' and ${which}`;

/** The lowest offer of any variant for the whole world, and when the clock next changes it. */
const offersNow = (now: Date | undefined): RawBuilder<unknown> => sql`
  cross join lateral (
    select array_agg(o order by o.currency = home.currency desc, o.currency, o.amount_minor)
        filter (where tstzrange(o.valid_from, o.valid_to) @> coalesce(${now ?? null}::timestamptz, now())) as current,
      least(min(o.valid_from) filter (where o.valid_from > coalesce(${now ?? null}::timestamptz, now())),
        min(o.valid_to) filter (where o.valid_to > coalesce(${now ?? null}::timestamptz, now()))) as ends_at
    from catalog.variant v join catalog.offer o on o.variant_id = v.id and o.market_code = 'world'
    cross join catalog.marketplace home
    where v.product_id = p.id
  ) clock
  cross join lateral (
    select current[1].amount_minor, current[1].compare_at_minor, current[1].currency,
      exists (select from unnest(current) o
        where o.currency = current[1].currency and o.amount_minor > current[1].amount_minor) as is_from
  ) price`;

const facetsAndWords = (): RawBuilder<unknown> => sql`
  cross join lateral (
    select jsonb_agg(jsonb_build_object('name', name, 'values', vals) order by place) as list,
      string_agg(said, ' ') as said, array_agg(facet) filter (where facet is not null) as facet_lists
    from (
      select o.name, o.place, jsonb_agg(value order by first) as vals, string_agg(value, ' ') as said,
        string_agg(${OPTION_CODE} || '=' || value, chr(1)) as facet
      from unnest(p.option_names) with ordinality as o (name, place)
      cross join lateral (
        select v.option_values[o.place] as value, min(v.position) as first
        from catalog.variant v where v.product_id = p.id and v.option_values[o.place] is not null group by 1
      ) given
      group by o.name, o.place
    ) each
  ) option
  cross join lateral (
    select array_agg(a.code || '=' || coalesce(pa.text_value, trim_scale(pa.number_value)::text,
        case when pa.boolean_value then 'yes' else 'no' end)) filter (where a.is_facet) as facets,
      string_agg(pa.text_value, ' ') filter (where length(pa.text_value) <= 60) as said
    from catalog.product_attribute pa join catalog.attribute a on a.id = pa.attribute_id
    where pa.product_id = p.id
  ) property
  cross join lateral (
    select array_agg('category=' || slug) as scopes from unnest(tree.slugs) slug
  ) shelf
  cross join lateral (
    select coalesce(array_agg(distinct facet order by facet), '{}') as facets
    from unnest(
      property.facets || string_to_array(array_to_string(option.facet_lists, chr(1)), chr(1)) || shelf.scopes
      || case when b.id is not null then 'brand=' || b.slug end
      || case when stock.is_available then 'in-stock=yes' end) facet
    where facet is not null
  ) chosen
  cross join lateral (
    select coalesce(array_agg(lower(v.sku)), '{}') as skus from catalog.variant v where v.product_id = p.id
  ) known
  cross join lateral (
    select setweight(to_tsvector('catalog.words', p.title), 'A')
      || setweight(to_tsvector('catalog.words', concat_ws(' ', b.name, array_to_string(tree.names, ' '))), 'B')
      || setweight(to_tsvector('catalog.words', concat_ws(' ', property.said, option.said)), 'C')
      || to_tsvector('catalog.words', p.summary || ' ' || p.description)
      || array_to_tsvector(known.skus) as words
    offset 0 -- keeps the planner from making the words again wherever they are named
  ) said
  cross join lateral (
    select said.words, array_agg(scope) as scopes, array_agg(tier) as tiers
    from (
      select 'all' as scope, 1::smallint as tier
      union all select 'brand=' || b.slug, 1::smallint where b.id is not null
      union all select 'category=' || slug, 1::smallint from unnest(tree.slugs) slug
      union all select 'word=' || lexeme,
        case when 'A' = any(weights) then 3 when 'B' = any(weights) then 2 else 1 end::smallint
      from unnest(said.words) where weights && '{A,B,C}'
    ) each
  ) found`;
