-- What goods cost is followed too.
insert into insight.follower (name) values ('goods_cost_entry');

-- Where products stand, as ClickHouse was last told, or is to be: figures by category ask it.
create table insight.product_shelf (
  product_id uuid primary key,
  path text not null, -- slugs of its categories from the top, with / between; empty where it stands in none
  version bigint generated always as identity,
  is_told boolean not null default false
);
create index product_shelf_untold on insight.product_shelf (version) where not is_told;
