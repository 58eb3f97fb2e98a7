-- The prices of a list hold in one region of the market; the region stands on its offers too, as its dates do.
alter table catalog.price_list
  add column market_code text not null default 'world' references market.region (code) on delete restrict;

-- Regions that have had a price of their own. They are few, so that whoever asks for prices asks of the others nothing.
create table catalog.priced_market (
  market_code text primary key check (market_code <> 'world') references market.region (code) on delete restrict
);
-- Of each row: most writes of prices add no region, and are no change of settings.
create trigger settings_changed after insert on catalog.priced_market
  for each row execute function platform.settings_changed();
insert into catalog.priced_market
  select distinct market_code from catalog.offer where market_code in (select code from market.region where code <> 'world');

create function catalog.note_priced_markets() returns trigger language plpgsql as $$
begin
  insert into catalog.priced_market
    select distinct market_code from written where market_code <> 'world'
    except select market_code from catalog.priced_market
    on conflict do nothing;
  return null;
end $$;
create trigger markets_of_new after insert on catalog.offer
  referencing new table as written for each statement execute function catalog.note_priced_markets();
create trigger markets_of_changed after update on catalog.offer
  referencing new table as written for each statement execute function catalog.note_priced_markets();

-- Serves a list that is sorted or bounded by the prices of a region.
create index offer_of_market on catalog.offer (market_code, currency, variant_id) where market_code <> 'world';

-- Which price of a variant holds: every place that asks for one asks here. The markets are those of whoever asks, the
-- narrowest first; after the first of them that has an offer no other is asked, and the whole world comes last. Of two in
-- one market the one of the higher priority counts.
create function catalog.holding_offer(of_variant uuid, in_currency text, in_markets text[], at timestamptz)
returns setof catalog.offer language sql stable as $$
  select o.* from catalog.offer o
  where o.variant_id = of_variant and o.currency = in_currency and o.market_code = any(in_markets || 'world'::text)
    and o.valid_from <= at and (o.valid_to is null or o.valid_to > at)
  order by array_position(in_markets, o.market_code), o.priority desc limit 1
$$;

-- What a card says of a product's price in some markets; null when it is not sold there. As `pricesNow` of the listings
-- says it of the whole world.
create function catalog.price_in_markets(of_product uuid, in_currency text, in_markets text[]) returns json
language sql stable as $$
  select json_build_object('amountMinor', min(o.amount_minor),
    'compareAtMinor', (array_agg(o.compare_at_minor order by o.amount_minor))[1],
    'currency', min(o.currency::text), 'isFrom', max(o.amount_minor) > min(o.amount_minor))
  from catalog.variant v
  cross join lateral catalog.holding_offer(v.id,
    coalesce(in_currency, (select currency from catalog.marketplace)), in_markets, now()) o
  where v.product_id = of_product
  having count(*) > 0
$$;

-- The price of a card: what is listed, unless the currency or the region of whoever sees it says another.
create function catalog.price_shown(of_product uuid, listed json, in_currency text, in_markets text[]) returns json
language sql stable as $$
  select case when cardinality(in_markets) > 0 then catalog.price_in_markets(of_product, in_currency, in_markets)
    when in_currency is null then listed
    else catalog.price_in(of_product, in_currency) end
$$;

-- The lowest prices of those products that cost something else in these markets than in the world.
create function catalog.lowest_in_markets(in_currency text, in_markets text[])
returns table (product_id uuid, price_minor bigint) language sql stable as $$
  select v.product_id, min(o.amount_minor)
  from catalog.variant v
  cross join lateral catalog.holding_offer(v.id,
    coalesce(in_currency, (select currency from catalog.marketplace)), in_markets, now()) o
  where v.product_id in (
    select own.product_id from catalog.offer each join catalog.variant own on own.id = each.variant_id
    where each.market_code = any(in_markets) and each.market_code <> 'world'
      and each.currency = coalesce(in_currency, (select currency from catalog.marketplace)))
  group by v.product_id
$$;

drop function catalog.scope_page(text, bigint, uuid, integer, boolean, text);
drop function catalog.product_json(text, text);

-- A page of one scope's list, best first: the cards as JSON, the cursor of the next page, and what the scope has
-- ready of counts, with what attributes are called, when they are asked for. No cards when nothing is on it. Without
-- a currency the prices are the marketplace's, without markets those of the whole world.
create function catalog.scope_page(
  of_scope text, after_rank bigint, after_id uuid, size integer, is_counted boolean, in_currency text,
  in_markets text[],
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
  select string_agg(catalog.shown_card(l.card,
    catalog.price_shown(l.product_id, l.price, in_currency, in_markets), rated.said), ',' order by p.place) into cards
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

-- A published product in full; null when there is none of that name. Without a currency the prices are the marketplace's,
-- without markets those of the whole world.
create function catalog.product_json(of_slug text, in_currency text default null, in_markets text[] default '{}')
returns json language plpgsql stable as $$
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
        left join lateral catalog.holding_offer(v.id,
          coalesce(in_currency, (select currency from catalog.marketplace)), in_markets, now()) o on true
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
      'price', catalog.price_shown(p.id, l.price, in_currency, in_markets),
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
