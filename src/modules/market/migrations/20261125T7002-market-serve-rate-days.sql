-- What serving costs at a location, from a day on. What was known before the days were, held from the start.
alter table market.serve_rate add starts_on date not null default '2000-01-01';
alter table market.serve_rate alter starts_on drop default;
alter table market.serve_rate drop constraint serve_rate_pkey;
alter table market.serve_rate add primary key (location_id, starts_on);
