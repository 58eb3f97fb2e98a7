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
    ${listings(sql`p.id = any(${ids}::uuid[])`, now)}
    on conflict (product_id) do update set
      price_minor = excluded.price_minor, currency = excluded.currency, in_stock = excluded.in_stock,
      popularity = excluded.popularity, published_at = excluded.published_at,
      price_ends_at = excluded.price_ends_at, scopes = excluded.scopes, tiers = excluded.tiers,
      facets = excluded.facets, words = excluded.words, card = excluded.card, price = excluded.price
    where (product_listing.price_minor, product_listing.currency, product_listing.in_stock,
        product_listing.popularity, product_listing.published_at, product_listing.price_ends_at,
        product_listing.scopes, product_listing.tiers, product_listing.facets, product_listing.words,
        product_listing.card::text, product_listing.price::text)
      is distinct from (excluded.price_minor, excluded.currency, excluded.in_stock,
        excluded.popularity, excluded.published_at, excluded.price_ends_at,
        excluded.scopes, excluded.tiers, excluded.facets, excluded.words, excluded.card::text,
        excluded.price::text)`.execute(tx);
  await refreshPrices(tx, ids, now);
}

/** What these products cost in the currencies beside the marketplace's. */
async function refreshPrices(tx: Tx, ids: readonly string[], now: Date | undefined): Promise<void> {
  await sql`
    with chosen as materialized (
      select product_id as id from catalog.product_listing where product_id = any(${ids}::uuid[])
    ), made as materialized (${pricesNow(sql`<>`, now)}), gone as (
      delete from catalog.listing_price l
      where l.product_id = any(${ids}::uuid[]) and not exists (
        select from made m where m.product_id = l.product_id and m.currency = l.currency)
    )
    insert into catalog.listing_price (product_id, currency, price_minor, price)
    select product_id, currency, amount_minor, price from made
    on conflict (product_id, currency) do update set price_minor = excluded.price_minor, price = excluded.price
    where (listing_price.price_minor, listing_price.price::text)
      is distinct from (excluded.price_minor, excluded.price::text)`.execute(tx);
}

/** Makes the listing rows of published products that have none yet: of a whole import, in a few statements. */
export async function addMissingListings(tx: Tx, source: string): Promise<void> {
  for (;;) {
    // By their ids, which the planner counts: a number that it guessed wrong would cost minutes here.
    const { rows } = await sql<{ id: string }>`
      select p.id from catalog.product p
      where p.source = ${source} and p.publication = 'published'
        and not exists (select from catalog.product_listing l where l.product_id = p.id)
      limit ${MISSING_MAX}`.execute(tx);
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await sql`insert into catalog.product_listing ${listings(sql`p.id = any(${ids}::uuid[])`)}`.execute(tx);
    await refreshPrices(tx, ids, undefined);
  }
}

/** More at a time would take memory and save little. */
const MISSING_MAX = 20_000;

/** A picture as cards and pages show it, from `m` (media) and an expression for its alternative text. */
export const PICTURE = sql.raw(
  `'sha256', m.sha256, 'width', m.width, 'height', m.height, 'colour', m.colour, 'files', m.files`,
);

/**
 * The whole listing row of each published product that `which` says, in the order of the table's columns. Each table
 * is read once for all of them, from the products chosen: of one product it is a few index lookups, of many a few joins.
 */
const listings = (which: RawBuilder<unknown>, now?: Date): RawBuilder<unknown> => sql`
  with chosen as materialized (
    select p.id, p.slug, p.title, p.summary, p.description, p.published_at, p.option_names, p.brand_id, p.category_id
    from catalog.product p where p.publication = 'published' and ${which}
  ), ${OPTIONS}
  select found.id, found.amount_minor, found.currency, found.is_available, found.units_sold, found.published_at,
    found.ends_at, scope.names, scope.tiers, facet.list,
    setweight(found.title_words, 'A') || setweight(found.place_words, 'B') || setweight(found.property_words, 'C')
      || found.other_words,
    found.card, found.price
  from (
    select p.id, p.published_at, price.amount_minor, price.currency, clock.ends_at,
      coalesce(variant.is_available, false) as is_available, coalesce(sold.units_sold, 0)::integer as units_sold,
      b.slug as brand, tree.slugs as shelves, property.facets as property_facets, option.facets as option_facets,
      ${TITLE_WORDS} as title_words, ${PLACE_WORDS} as place_words, ${PROPERTY_WORDS} as property_words,
      ${OTHER_WORDS} as other_words, ${CARD} as card, price.price
    from chosen p
    left join catalog.brand b on b.id = p.brand_id
    left join catalog.category_path tree on tree.category_id = p.category_id
    left join catalog.popularity sold on sold.product_id = p.id
    left join (${nextChange(now)}) clock on clock.product_id = p.id
    left join (${pricesNow(sql`=`, now)}) price on price.product_id = p.id
    left join (${VARIANTS}) variant on variant.product_id = p.id
    left join (${SHOWN}) shown on shown.product_id = p.id
    left join (${PROPERTIES}) property on property.product_id = p.id
    left join option on option.product_id = p.id
    offset 0 -- keeps the planner from making the words again wherever they are named
  ) found
  cross join lateral (${FACETS}) facet
  cross join lateral (${SCOPES}) scope`;

/** Written as text at once: a list passes it on, and a jsonb would be made only to be spelt out and read again. */
const CARD = sql`json_build_object(
  'id', p.id, 'slug', p.slug, 'title', p.title,
  'brand', case when b.id is not null then json_build_object('slug', b.slug, 'name', b.name) end,
  'picture', shown.pictures[1], 'secondPicture', shown.pictures[2],
  'options', coalesce(option.list, '[]'), 'inStock', coalesce(variant.is_available, false))`;

const TITLE_WORDS = sql`to_tsvector('catalog.words', p.title)`;
const PLACE_WORDS = sql`to_tsvector('catalog.words', concat_ws(' ', b.name, array_to_string(tree.names, ' ')))`;
const PROPERTY_WORDS = sql`to_tsvector('catalog.words', concat_ws(' ', property.said, option.said))`;
const OTHER_WORDS = sql`to_tsvector('catalog.words', p.summary || ' ' || p.description)
  || array_to_tsvector(coalesce(variant.skus, '{}'))`;

/** The options of each product with the values that its variants have. */
const OPTIONS = sql`
  given as materialized (
    select p.id as product_id, o.name, o.place, v.option_values[o.place] as value, min(v.position) as first
    from chosen p
    join catalog.variant v on v.product_id = p.id
    cross join unnest(p.option_names) with ordinality as o (name, place)
    where v.option_values[o.place] is not null
    group by p.id, o.name, o.place, v.option_values[o.place]
  ), coded as materialized (
    -- Lower case words, joined by hyphens: an option's name as a facet code.
    select name, trim('-' from regexp_replace(lower(unaccent(name)), '[^a-z0-9]+', '-', 'g')) as code
    from (select distinct name from given) each
  ), option as (
    select product_id, json_agg(json_build_object('name', name, 'values', vals) order by place) as list,
      string_agg(said, ' ' order by place) as said, string_agg(facets, chr(1)) as facets
    from (
      select g.product_id, g.name, g.place, json_agg(g.value order by g.first, g.value) as vals,
        string_agg(g.value, ' ' order by g.first, g.value) as said, string_agg(c.code || '=' || g.value, chr(1)) as facets
      from given g join coded c on c.name = g.name
      group by g.product_id, g.name, g.place
    ) each
    group by product_id
  )`;

/**
 * The lowest that any variant of the products in `chosen` costs now, in the marketplace's currency (`=`) or in each of
 * the others (`<>`). Of two offers of a variant the one of the higher priority counts.
 */
const pricesNow = (compared: RawBuilder<unknown>, now: Date | undefined): RawBuilder<unknown> => sql`
  select product_id, currency, min(amount_minor) as amount_minor, json_build_object(
    'amountMinor', min(amount_minor), 'compareAtMinor', (array_agg(compare_at_minor order by amount_minor))[1],
    'currency', currency, 'isFrom', max(amount_minor) > min(amount_minor)) as price
  from (
    select distinct on (o.variant_id, o.currency)
      p.id as product_id, o.currency, o.amount_minor, o.compare_at_minor
    from chosen p
    join catalog.variant v on v.product_id = p.id
    join catalog.offer o on o.variant_id = v.id and o.market_code = 'world'
    where o.currency ${compared} (select currency from catalog.marketplace)
      and tstzrange(o.valid_from, o.valid_to) @> coalesce(${now ?? null}::timestamptz, now())
    order by o.variant_id, o.currency, o.priority desc
  ) holds
  group by product_id, currency`;

/** When the clock next begins or ends an offer of a product, in whatever currency. */
const nextChange = (now: Date | undefined): RawBuilder<unknown> => sql`
  select p.id as product_id,
    least(min(o.valid_from) filter (where o.valid_from > coalesce(${now ?? null}::timestamptz, now())),
      min(o.valid_to) filter (where o.valid_to > coalesce(${now ?? null}::timestamptz, now()))) as ends_at
  from chosen p
  join catalog.variant v on v.product_id = p.id
  join catalog.offer o on o.variant_id = v.id and o.market_code = 'world'
  group by p.id`;

const VARIANTS = sql`
  select p.id as product_id, array_agg(lower(v.sku)) as skus, bool_or(exists (
    select from catalog.variant_availability a where a.variant_id = v.id and a.is_available)) as is_available
  from chosen p join catalog.variant v on v.product_id = p.id
  group by p.id`;

const SHOWN = sql`
  select p.id as product_id, array_agg(json_build_object('alt', pm.alt, ${PICTURE}) order by pm.position) as pictures
  from chosen p
  join catalog.product_media pm on pm.product_id = p.id and pm.position < 2
  join catalog.media m on m.id = pm.media_id
  group by p.id`;

const PROPERTIES = sql`
  select p.id as product_id,
    array_agg(a.code || '=' || coalesce(pa.text_value, trim_scale(pa.number_value)::text,
      case when pa.boolean_value then 'yes' else 'no' end)) filter (where a.is_facet) as facets,
    string_agg(pa.text_value, ' ' order by a.position, a.code) filter (where length(pa.text_value) <= 60) as said
  from chosen p
  join catalog.product_attribute pa on pa.product_id = p.id
  join catalog.attribute a on a.id = pa.attribute_id
  group by p.id`;

/** The list with the prefix before each of its entries; empty of an empty one. */
const prefixed = (prefix: string, list: RawBuilder<unknown>): RawBuilder<unknown> => {
  const lit = sql.lit(prefix);
  const text = sql`${lit} || array_to_string(${list}, chr(1) || ${lit})`;
  return sql`coalesce(string_to_array(nullif(${text}, ${lit}), chr(1)), '{}')`;
};

const FACETS = sql`
  select coalesce(array_agg(distinct facet order by facet), '{}') as list
  from unnest(
    found.property_facets || string_to_array(found.option_facets, chr(1))
    || ${prefixed('category=', sql`coalesce(found.shelves, '{}')`)}
    || case when found.brand is not null then 'brand=' || found.brand end
    || case when found.is_available then 'in-stock=yes' end) facet
  where facet is not null`;

/** A word counts as what it is in the best of its places. */
const SCOPES = sql`
  select array['all'] || brands || shelves || ${prefixed('word=', sql`title || place || property`)} as names,
    array_fill(1::smallint, array[1 + cardinality(brands) + cardinality(shelves)])
      || array_fill(3::smallint, array[cardinality(title)])
      || array_fill(2::smallint, array[cardinality(place)])
      || array_fill(1::smallint, array[cardinality(property)]) as tiers
  from (
    select title, place, tsvector_to_array(ts_delete(found.property_words, title || place)) as property,
      case when found.brand is null then '{}' else array['brand=' || found.brand] end as brands,
      ${prefixed('category=', sql`coalesce(found.shelves, '{}')`)} as shelves
    from (
      select title, tsvector_to_array(ts_delete(found.place_words, title)) as place
      from (select tsvector_to_array(found.title_words) as title) each
    ) each
  ) each`;
