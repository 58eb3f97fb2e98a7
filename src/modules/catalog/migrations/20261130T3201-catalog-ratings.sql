-- What a product is rated, as whoever counts its reviews says, kept here so that a list shows it without asking them.
create table catalog.product_rating (
  product_id uuid primary key references catalog.product (id) on delete restrict,
  review_count integer not null check (review_count >= 0),
  rating_sum integer not null check (rating_sum >= 0),
  -- As cards and pages say it: text is put to text.
  said text generated always as (case when review_count > 0 then
    '{"average":' || round(rating_sum::numeric / review_count, 1)::double precision || ',"count":' || review_count || '}' end) stored
);

-- A card as lists show it: text is put to text, for it would only be parsed to be written again.
create function catalog.shown_card(card json, price json, rating text) returns text language sql immutable as $$
  select left(card::text, -1) || ', "price" : ' || coalesce(price::text, 'null') || ', "rating" : ' || coalesce(rating, 'null') || '}'
$$;

-- A page of one scope's list, best first: the cards as JSON, the cursor of the next page, and what the scope has
-- ready of counts, with what attributes are called, when they are asked for. No cards when nothing is on it. Without
-- a currency the prices are the marketplace's.
create or replace function catalog.scope_page(
  of_scope text, after_rank bigint, after_id uuid, size integer, is_counted boolean, in_currency text,
  out cards text, out cursor text, out counts text, out attributes json
) language plpgsql stable as $$
declare
  ranks bigint[];
  ids uuid[];
begin
  select array_agg(e.rank), array_agg(e.product_id) into ranks, ids
  from (
    select rank, product_id from catalog.scope_entry
    where scope = of_scope and rank <= coalesce(after_rank, 9223372036854775807)
      and (rank < coalesce(after_rank, 9223372036854775807) or product_id > after_id)
    order by rank desc, product_id limit size + 1
  ) e;
  if ids is null and after_id is null then return; end if; -- as every word has it that nothing is called by
  select string_agg(catalog.shown_card(l.card, case when in_currency is null then l.price
    else catalog.price_in(l.product_id, in_currency) end, rated.said), ',' order by p.place) into cards
  from unnest(ids[:size]) with ordinality as p (product_id, place)
  join catalog.product_listing l on l.product_id = p.product_id
  left join catalog.product_rating rated on rated.product_id = p.product_id;
  if cardinality(ids) > size then cursor := 'e.' || ranks[size] || '.' || ids[size]; end if;
  if is_counted then
    -- Parted by characters that no text has: facet value, count, and what a brand or category is called.
    select string_agg(f.facet || chr(1) || f.n || chr(1) || coalesce(b.name, c.name, ''), chr(2)
      order by f.n desc, f.facet) into counts
    from (
      select facet, sum(product_count)::bigint as n from catalog.scope_count where scope = of_scope
      group by facet having sum(product_count) > 0
    ) f
    left join catalog.brand b on f.facet = 'brand=' || b.slug
    left join catalog.category c on f.facet = 'category=' || c.slug;
    select json_agg(json_build_object('code', code, 'name', name, 'unit', unit) order by position, code)
    into attributes from catalog.attribute where is_facet;
  end if;
end $$;

-- A published product in full; null when there is none of that name. Without a currency the prices are the marketplace's.
create or replace function catalog.product_json(of_slug text, in_currency text default null) returns json language plpgsql stable as $$
begin
  return (
    select json_build_object('id', p.id, 'slug', p.slug, 'title', p.title, 'summary', p.summary,
      'description', p.description,
      'brand', case when b.id is not null then json_build_object('slug', b.slug, 'name', b.name,
        'tagline', b.tagline, 'place', b.place, 'countryCode', b.country_code, 'colour', b.colour) end,
      'categories', coalesce((
        select json_agg(json_build_object('slug', step.slug, 'name', step.name) order by step.n)
        from unnest(way.slugs, way.names) with ordinality as step (slug, name, n)), '[]'),
      'options', coalesce(l.card -> 'options', '[]'),
      'variants', coalesce((
        select json_agg(json_build_object('id', v.id, 'sku', v.sku, 'optionValues', v.option_values,
          'gtin', v.gtin, 'weightGrams', v.weight_grams,
          'price', case when o.id is not null then json_build_object('amountMinor', o.amount_minor,
            'compareAtMinor', o.compare_at_minor, 'currency', o.currency, 'validTo', o.valid_to) end,
          'inStock', exists (
            select from catalog.variant_availability a where a.variant_id = v.id and a.is_available))
          order by v.position)
        from catalog.variant v
        left join lateral (
          select * from catalog.offer each
          where each.variant_id = v.id and each.market_code = 'world'
            and each.currency = coalesce(in_currency, (select currency from catalog.marketplace))
            and each.valid_from <= now() and (each.valid_to is null or each.valid_to > now())
          order by each.priority desc limit 1) o on true
        where v.product_id = p.id), '[]'),
      'pictures', coalesce((
        select json_agg(json_build_object('sha256', m.sha256, 'alt', pm.alt, 'width', m.width,
          'height', m.height, 'colour', m.colour, 'files', m.files, 'optionValue', pm.option_value)
          order by pm.position)
        from catalog.product_media pm join catalog.media m on m.id = pm.media_id
        where pm.product_id = p.id), '[]'),
      'attributes', coalesce((
        select json_agg(json_build_object('code', a.code, 'name', a.name, 'type', a.type, 'unit', a.unit,
          'value', coalesce(to_json(pa.text_value), to_json(trim_scale(pa.number_value)),
            to_json(pa.boolean_value))) order by a.position, a.code)
        from catalog.product_attribute pa join catalog.attribute a on a.id = pa.attribute_id
        where pa.product_id = p.id), '[]'),
      'price', case when in_currency is null then l.price else catalog.price_in(p.id, in_currency) end,
      'inStock', coalesce(l.in_stock, false),
      'rating', rated.said::json,
      'publishedAt', p.published_at, 'updatedAt', p.updated_at)
    from catalog.product p
    left join catalog.product_listing l on l.product_id = p.id
    left join catalog.product_rating rated on rated.product_id = p.id
    left join catalog.brand b on b.id = p.brand_id
    left join catalog.category_path way on way.category_id = p.category_id
    where p.slug = of_slug and p.publication = 'published'
  );
end $$;
