-- Currencies that the shop sells in beside the marketplace's own.
create table catalog.sold_currency (
  currency platform.currency primary key,
  country_codes text[] not null default '{}' -- whose visitors see it until they choose another
);

-- Prices that begin, end and are changed together. They are offers: nothing of an amount is here.
create table catalog.price_list (
  id uuid primary key,
  name text not null check (length(name) between 1 and 80),
  currency platform.currency not null,
  priority smallint not null default 0 check (priority between 0 and 100), -- of two that hold, the higher counts
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to > valid_from),
  created_at timestamptz not null default now()
);

-- The list's priority and dates stand on its offers, where prices are asked for; the list's writer keeps them so.
alter table catalog.offer
  add column price_list_id uuid references catalog.price_list (id) on delete restrict,
  add column priority smallint not null default 0,
  drop constraint one_offer_at_a_time,
  add constraint one_offer_at_a_time exclude using gist (
    variant_id with =, currency with =, market_code with =, priority with =, tstzrange(valid_from, valid_to) with &&
  );
create unique index offer_of_price_list on catalog.offer (price_list_id, variant_id) where price_list_id is not null;

-- A card has no price of its own any more: what it costs depends on the currency that is asked for.
alter table catalog.product_listing add column price json;
alter table catalog.product_listing alter column price set storage external;
alter table catalog.product_listing disable trigger user; -- scopes and counts stay as they are
update catalog.product_listing set
  price = case when currency = (select currency from catalog.marketplace) then (card ->> 'price')::json end,
  price_minor = case when currency = (select currency from catalog.marketplace) then price_minor end,
  card = (card::jsonb - 'price')::json;
alter table catalog.product_listing enable trigger user;

-- What a listed product costs in the currencies beside the marketplace's; its own stands on the listing.
create table catalog.listing_price (
  product_id uuid not null references catalog.product_listing (product_id) on delete cascade,
  currency platform.currency not null,
  price_minor bigint not null, -- the lowest of any variant now
  price json not null, -- as cards show it
  primary key (product_id, currency)
);
-- Serves a list sorted or bounded by price.
create index listing_price_in_order on catalog.listing_price (currency, price_minor, product_id);
insert into catalog.listing_price
  select product_id, currency, min(amount_minor), json_build_object(
    'amountMinor', min(amount_minor), 'compareAtMinor', (array_agg(compare_at_minor order by amount_minor))[1],
    'currency', currency, 'isFrom', max(amount_minor) > min(amount_minor))
  from (
    select v.product_id, o.currency, o.amount_minor, o.compare_at_minor
    from catalog.offer o join catalog.variant v on v.id = o.variant_id
    join catalog.product_listing l on l.product_id = v.product_id
    where o.market_code = 'world' and o.currency <> (select currency from catalog.marketplace)
      and o.valid_from <= now() and (o.valid_to is null or o.valid_to > now())
  ) each
  group by product_id, currency;

create function catalog.price_in(of_product uuid, in_currency text) returns json language sql stable as $$
  select price from catalog.listing_price where product_id = of_product and currency = in_currency
$$;

-- A card as lists show it: text is put to text, for it would only be parsed to be written again.
create function catalog.priced_card(card json, price json) returns text language sql immutable as $$
  select left(card::text, -1) || ', "price" : ' || coalesce(price::text, 'null') || '}'
$$;

drop function catalog.scope_page(text, bigint, uuid, integer, boolean);
drop function catalog.product_json(text);

-- A page of one scope's list, best first: the cards as JSON, the cursor of the next page, and what the scope has
-- ready of counts, with what attributes are called, when they are asked for. No cards when nothing is on it. Without
-- a currency the prices are the marketplace's.
create function catalog.scope_page(
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
  select string_agg(catalog.priced_card(l.card, case when in_currency is null then l.price
    else catalog.price_in(l.product_id, in_currency) end), ',' order by p.place) into cards
  from unnest(ids[:size]) with ordinality as p (product_id, place)
  join catalog.product_listing l on l.product_id = p.product_id;
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
create function catalog.product_json(of_slug text, in_currency text default null) returns json language plpgsql stable as $$
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
      'publishedAt', p.published_at, 'updatedAt', p.updated_at)
    from catalog.product p
    left join catalog.product_listing l on l.product_id = p.id
    left join catalog.brand b on b.id = p.brand_id
    left join catalog.category_path way on way.category_id = p.category_id
    where p.slug = of_slug and p.publication = 'published'
  );
end $$;
