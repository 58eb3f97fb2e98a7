create schema market;
create type market.region_kind as enum ('world', 'group', 'country');

-- The tree of areas that sales are measured over. A country's code is ISO 3166-1 alpha-2; areas without
-- one (the Channel Islands together, an unspecified address) have a code of their own that starts with x-.
create table market.region (
  code text primary key check (code ~ '^([A-Z]{2}|x-[a-z-]{2,40}|world)$'),
  kind market.region_kind not null,
  parent_code text references market.region (code) on delete restrict,
  name text not null,
  -- ISO 3166-1 numeric, by which the world's outlines know a country.
  outline_id text unique
);
