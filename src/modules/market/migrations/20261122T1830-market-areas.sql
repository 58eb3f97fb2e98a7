-- A kind cannot be used in the transaction that adds it to an enum, and all migrations share one.
alter type market.region_kind rename to region_kind_without_area;
create type market.region_kind as enum ('world', 'group', 'country', 'area');
alter table market.region alter column kind type market.region_kind using kind::text::market.region_kind;
drop type market.region_kind_without_area;

-- An area's code begins with its country's, so that whoever reads the code alone can add areas up to countries.
alter table market.region
  drop constraint region_code_check,
  add constraint region_code_check check (
    code ~ '^([A-Z]{2}(-[a-z0-9]+)*|x-[a-z-]{2,40}|world)$' and length(code) <= 60
  ),
  add constraint area_lies_somewhere check (kind <> 'area' or (parent_code is not null and code like '__-%'));
create index region_children on market.region (parent_code);

-- Postcodes in the order of their characters, whatever the database's language sorts by.
create type market.postcode_range as range (subtype = text, collation = "C");

-- The postcodes of an area: [from, to) of what remains of a postcode without spaces and hyphens, in capitals. A prefix
-- is the range of all that begin with it. The parent is repeated here, so that siblings exclude each other.
create table market.region_postcode (
  region_code text not null references market.region (code) on delete restrict,
  parent_code text not null references market.region (code) on delete restrict,
  typed text not null, -- "1000-1099" or "10", as a person reads it
  postcodes market.postcode_range not null check (not isempty(postcodes)),
  primary key (region_code, postcodes),
  constraint postcodes_of_one_area exclude using gist (parent_code with =, postcodes with &&)
);

-- The H3 cells of an area. Cells of all sizes are ranges of the smallest cells in them, so that sizes may be mixed and
-- a large cell excludes the small ones that lie in it.
create table market.region_cell (
  region_code text not null references market.region (code) on delete restrict,
  parent_code text not null references market.region (code) on delete restrict,
  cell text not null,
  smallest int8range not null check (not isempty(smallest)),
  primary key (region_code, cell),
  constraint cells_of_one_area exclude using gist (parent_code with =, smallest with &&)
);
create index region_cell_at on market.region_cell using gist (smallest);
