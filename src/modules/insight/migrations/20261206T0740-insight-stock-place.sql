-- Where locations lie, as ClickHouse was last told, or is to be: stock that was sent nowhere serves its own region.
create table insight.stock_place (
  location_id uuid primary key,
  region text not null,
  version bigint generated always as identity,
  is_told boolean not null default false
);
create index stock_place_untold on insight.stock_place (version) where not is_told;
