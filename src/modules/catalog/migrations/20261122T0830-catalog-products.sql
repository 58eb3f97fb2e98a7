create schema catalog;
create extension if not exists fuzzystrmatch;
create type catalog.publication as enum ('draft', 'published', 'archived');
create type catalog.attribute_type as enum ('text', 'number', 'boolean');
create type catalog.media_state as enum ('pending', 'ready', 'refused');

-- A stored picture, known by what it contains: the same file uploaded twice is one row.
create table catalog.media (
  id uuid primary key,
  sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'), -- of the stored source, metadata stripped
  state catalog.media_state not null default 'pending',
  mime_type text not null,
  width integer not null check (width between 1 and 20000),
  height integer not null check (height between 1 and 20000),
  byte_size integer not null check (byte_size > 0),
  -- Taken from the picture; it tints the page's ground and the place of a picture that is still loading.
  colour text check (colour ~ '^#[0-9a-f]{6}$'),
  files text[] not null default '{}', -- that exist, under the sha256: source.jpg, 480.webp, 480.avif, …
  created_at timestamptz not null default now()
);
-- Serves the job that makes renditions.
create index media_pending on catalog.media (created_at) where state = 'pending';

create table catalog.brand (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  tagline text not null default '',
  story text not null default '', -- paragraphs parted by an empty line
  place text,
  country_code text check (country_code ~ '^[A-Z]{2}$'),
  founded_year integer check (founded_year between 1000 and 2100),
  media_id uuid references catalog.media (id) on delete restrict,
  colour text check (colour ~ '^#[0-9a-f]{6}$'),
  created_at timestamptz not null default now()
);

create table catalog.category (
  id uuid primary key,
  parent_id uuid references catalog.category (id) on delete restrict,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  description text not null default '',
  media_id uuid references catalog.media (id) on delete restrict,
  position integer not null default 0
);
create index category_children on catalog.category (parent_id, position);

-- The way from the top of the tree down to each category, itself last. Kept by a trigger on category.
create table catalog.category_path (
  category_id uuid primary key references catalog.category (id) on delete cascade,
  slugs text[] not null,
  names text[] not null
);
create function catalog.keep_category_paths() returns trigger language plpgsql as $$
begin
  with recursive tree (id, slugs, names) as (
    select id, array[slug], array[name] from catalog.category where parent_id is null
    union all
    select c.id, t.slugs || c.slug, t.names || c.name from catalog.category c join tree t on t.id = c.parent_id
  )
  insert into catalog.category_path as p select * from tree
    on conflict (category_id) do update set slugs = excluded.slugs, names = excluded.names
    where (p.slugs, p.names) is distinct from (excluded.slugs, excluded.names);
  return null;
end $$;
create trigger keep_category_paths after insert or update on catalog.category
  for each statement execute function catalog.keep_category_paths();

create table catalog.product (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  brand_id uuid references catalog.brand (id) on delete restrict,
  category_id uuid references catalog.category (id) on delete restrict,
  title text not null check (length(title) between 1 and 300),
  summary text not null default '',
  description text not null default '',
  publication catalog.publication not null default 'draft',
  published_at timestamptz,
  option_names text[] not null default '{}', -- e.g. {Colour,Size}; a variant has a value for each
  source text not null default 'stoa', -- who made the record: stoa, demo, or the name of an import
  external_ref text, -- its number there
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (source, external_ref),
  check (publication <> 'published' or published_at is not null)
);

-- What is sold and stocked: one SKU.
create table catalog.variant (
  id uuid primary key,
  product_id uuid not null references catalog.product (id) on delete restrict,
  sku text not null unique check (length(sku) between 1 and 64),
  option_values text[] not null default '{}',
  gtin text check (gtin ~ '^[0-9]{8}$|^[0-9]{12,14}$'),
  weight_grams integer check (weight_grams > 0),
  position integer not null default 0
);
create index variant_of_product on catalog.variant (product_id, position);
-- Serves the search for a SKU, in either case.
create index variant_by_sku on catalog.variant (lower(sku));

-- The pictures of a product in order; one that shows a certain option value ("Colour" = "Sage") names it.
create table catalog.product_media (
  product_id uuid not null references catalog.product (id) on delete restrict,
  position integer not null,
  media_id uuid not null references catalog.media (id) on delete restrict,
  alt text not null,
  option_value text,
  primary key (product_id, position)
);
create index product_media_by_media on catalog.product_media (media_id);

-- A typed property by which products are compared and filtered; numbers carry a unit.
create table catalog.attribute (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  type catalog.attribute_type not null,
  unit text, -- as Intl.NumberFormat knows it (centimeter, gram, liter), or a plain word
  is_facet boolean not null default false,
  position integer not null default 0,
  check (unit is null or type = 'number')
);
create table catalog.product_attribute (
  product_id uuid not null references catalog.product (id) on delete restrict,
  attribute_id uuid not null references catalog.attribute (id) on delete restrict,
  text_value text,
  number_value numeric(14, 4),
  boolean_value boolean,
  primary key (product_id, attribute_id),
  check (num_nonnulls(text_value, number_value, boolean_value) = 1)
);

-- A variant's price for a currency, market and time. Two never hold at once.
create table catalog.offer (
  id uuid primary key,
  variant_id uuid not null references catalog.variant (id) on delete restrict,
  currency platform.currency not null,
  market_code text not null default 'world', -- a region's code; the narrowest one that holds wins
  amount_minor bigint not null check (amount_minor >= 0),
  compare_at_minor bigint check (compare_at_minor > amount_minor),
  valid_from timestamptz not null default now(),
  valid_to timestamptz check (valid_to > valid_from),
  constraint one_offer_at_a_time exclude using gist (
    variant_id with =, currency with =, market_code with =, tstzrange(valid_from, valid_to) with &&
  )
);
-- Serves the price of a variant now.
create index offer_of_variant on catalog.offer (variant_id, market_code, currency);

-- Units sold, by which lists are sorted: what an import knew, and every order heard of since.
create table catalog.popularity (
  product_id uuid primary key references catalog.product (id) on delete cascade,
  units_sold bigint not null default 0,
  is_listed boolean not null default false -- false: the listing does not know the figure yet
);
-- Serves the job that carries the figures into the listing.
create index popularity_unlisted on catalog.popularity (product_id) where not is_listed;

-- Where a variant can be had, as the stock's events say. The location belongs to the inventory.
create table catalog.variant_availability (
  variant_id uuid not null references catalog.variant (id) on delete cascade,
  location_id uuid not null,
  is_available boolean not null,
  -- The event that said so. Ids grow with time: an event that comes late does not undo a newer one.
  event_id uuid not null default '00000000-0000-0000-0000-000000000000',
  primary key (variant_id, location_id)
);

-- One row. Lists show and sort prices in this currency; a product without an offer in it shows its own.
create table catalog.marketplace (
  is_only boolean primary key default true check (is_only),
  currency platform.currency not null,
  head_media_id uuid references catalog.media (id) on delete restrict -- what the home page opens with
);
insert into catalog.marketplace (currency) values ('EUR');

-- Words as a shopper types them: without accents and capitals, vases like vase.
create text search configuration catalog.words (copy = english);
alter text search configuration catalog.words
  alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part with unaccent, english_stem;

-- One row a published product, made from the tables above whenever one of them changes: what lists, facets
-- and search read. The columns that filter and sort are its own; `card` is what a list shows.
create table catalog.product_listing (
  product_id uuid primary key references catalog.product (id) on delete cascade,
  price_minor bigint, -- the lowest offer of any variant now, in the marketplace's currency if there is one
  currency platform.currency,
  in_stock boolean not null,
  popularity integer not null,
  published_at timestamptz not null,
  price_ends_at timestamptz, -- when the clock next begins or ends one of its offers
  -- What it is found under, each a list of its own: all, brand=slug, category=slug (its own and those above),
  -- word=lexeme for the words that it is called by.
  scopes text[] not null,
  tiers smallint[] not null, -- for each scope: how well it fits (a word of the title 3, of brand or category 2, else 1)
  facets text[] not null, -- code=value: attributes, options, brand, category, in-stock=yes
  words tsvector not null, -- all of its words, those of the description and the SKUs too
  card json not null -- json, not jsonb: lists pass the text on as it is
);
-- Passed on as it is, so nothing is gained by compressing it.
alter table catalog.product_listing alter column card set storage external;
-- Serves every choice of filters at once.
create index listing_by_choice on catalog.product_listing using gin (scopes, facets, words);
create index listing_by_popularity on catalog.product_listing (popularity desc, product_id);
create index listing_by_price on catalog.product_listing (price_minor, product_id);
create index listing_by_age on catalog.product_listing (published_at desc, product_id);
-- Serves the job that follows the clock.
create index listing_by_price_end on catalog.product_listing (price_ends_at) where price_ends_at is not null;

-- Each scope's products, best first: a page of a list is the next twenty entries, however long the list.
-- Kept by triggers on product_listing, as are the counts.
create table catalog.scope_entry (
  scope text collate "C" not null,
  rank bigint not null, -- tier × 2^32 + popularity
  product_id uuid not null
);
create unique index scope_entry_by_rank on catalog.scope_entry (scope, rank desc, product_id);

-- How many products of a scope have a facet value; '' counts them all. The figure is the sum of its rows:
-- writers add rows and so never wait for each other, and a job folds them together.
create table catalog.scope_count (
  scope text collate "C" not null,
  facet text collate "C" not null,
  product_count integer not null
);
create index scope_count_by_scope on catalog.scope_count (scope, facet) include (product_count);
-- Serves the completion of words, and the search for a word that was misspelt.
create index scope_size on catalog.scope_count (scope) include (product_count) where facet = '';
create index word_alike on catalog.scope_count using gin (substr(scope, 6) gin_trgm_ops)
  where facet = '' and scope like 'word=%';

-- All of it anew, after a load with the triggers off.
create function catalog.rebuild_scopes() returns void language plpgsql as $$
begin
  truncate catalog.scope_entry, catalog.scope_count;
  insert into catalog.scope_entry
    select s.scope, s.tier * 4294967296 + l.popularity, l.product_id
    from catalog.product_listing l, unnest(l.scopes, l.tiers) as s (scope, tier);
  -- Products that have their facets in common are counted together: many do, and each has hundreds of pairs.
  insert into catalog.scope_count
    with facet_set as materialized (
      select facets, row_number() over () as id from (select distinct facets from catalog.product_listing) each
    ), counted as (
      select s.scope, f.id, count(*) as n
      from catalog.product_listing l join facet_set f on f.facets = l.facets, unnest(l.scopes) as s (scope)
      group by 1, 2
    )
    select c.scope, f.facet, sum(c.n)
    from counted c join facet_set using (id), unnest(facets || ''::text) as f (facet)
    group by 1, 2;
end $$;

create function catalog.keep_scopes() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into catalog.scope_entry
      select s.scope, s.tier * 4294967296 + n.popularity, n.product_id
      from added n, unnest(n.scopes, n.tiers) as s (scope, tier);
    insert into catalog.scope_count
      select s.scope, f.facet, count(*)
      from added n, unnest(n.scopes) as s (scope), unnest(n.facets || ''::text) as f (facet) group by 1, 2;
  elsif tg_op = 'DELETE' then
    delete from catalog.scope_entry e
      using gone o, unnest(o.scopes, o.tiers) as s (scope, tier)
      where e.scope = s.scope and e.rank = s.tier * 4294967296 + o.popularity and e.product_id = o.product_id;
    insert into catalog.scope_count
      select s.scope, f.facet, -count(*)
      from gone o, unnest(o.scopes) as s (scope), unnest(o.facets || ''::text) as f (facet) group by 1, 2;
  else
    with changed as (
      select o.product_id, o.scopes as old_scopes, o.tiers as old_tiers, o.popularity as old_popularity,
        n.scopes, n.tiers, n.popularity
      from gone o join added n using (product_id)
      where (o.scopes, o.tiers, o.popularity) is distinct from (n.scopes, n.tiers, n.popularity)
    ), removed as (
      delete from catalog.scope_entry e
      using changed c, unnest(c.old_scopes, c.old_tiers) as s (scope, tier)
      where e.scope = s.scope and e.rank = s.tier * 4294967296 + c.old_popularity
        and e.product_id = c.product_id
        and not exists (
          select from unnest(c.scopes, c.tiers) as k (scope, tier)
          where k.scope = s.scope and k.tier * 4294967296 + c.popularity = e.rank)
    )
    insert into catalog.scope_entry
      select s.scope, s.tier * 4294967296 + c.popularity, c.product_id
      from changed c, unnest(c.scopes, c.tiers) as s (scope, tier)
      where not exists (
        select from unnest(c.old_scopes, c.old_tiers) as k (scope, tier)
        where k.scope = s.scope and k.tier * 4294967296 + c.old_popularity = s.tier * 4294967296 + c.popularity);
    insert into catalog.scope_count
      select scope, facet, sum(n)
      from (
        select s.scope, f.facet, 1 as n
        from added a join gone o using (product_id),
          unnest(a.scopes) as s (scope), unnest(a.facets || ''::text) as f (facet)
        where (a.scopes, a.facets) is distinct from (o.scopes, o.facets)
        union all
        select s.scope, f.facet, -1
        from gone o join added a using (product_id),
          unnest(o.scopes) as s (scope), unnest(o.facets || ''::text) as f (facet)
        where (a.scopes, a.facets) is distinct from (o.scopes, o.facets)
      ) as deltas
      group by 1, 2 having sum(n) <> 0;
  end if;
  return null;
end $$;
create trigger keep_scopes_added after insert on catalog.product_listing
  referencing new table as added for each statement execute function catalog.keep_scopes();
create trigger keep_scopes_changed after update on catalog.product_listing
  referencing old table as gone new table as added for each statement execute function catalog.keep_scopes();
create trigger keep_scopes_gone after delete on catalog.product_listing
  referencing old table as gone for each statement execute function catalog.keep_scopes();

-- What follows builds JSON where the rows are. In plpgsql, because its statements are planned once a session:
-- planning would otherwise cost more than running them.

-- A page of one scope's list, best first: the cards as JSON, the cursor of the next page, and what the scope has
-- ready of counts, with what attributes are called, when they are asked for. No cards when nothing is on it.
create function catalog.scope_page(
  of_scope text, after_rank bigint, after_id uuid, size integer, is_counted boolean,
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
  select string_agg(l.card::text, ',' order by p.place) into cards
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

-- A published product in full; null when there is none of that name.
create function catalog.product_json(of_slug text) returns json language plpgsql stable as $$
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
        left join catalog.offer o on o.variant_id = v.id and o.market_code = 'world'
          and o.currency = l.currency and o.valid_from <= now() and (o.valid_to is null or o.valid_to > now())
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
      'price', l.card -> 'price', 'inStock', coalesce(l.in_stock, false),
      'publishedAt', p.published_at, 'updatedAt', p.updated_at)
    from catalog.product p
    left join catalog.product_listing l on l.product_id = p.id
    left join catalog.brand b on b.id = p.brand_id
    left join catalog.category_path way on way.category_id = p.category_id
    where p.slug = of_slug and p.publication = 'published'
  );
end $$;
