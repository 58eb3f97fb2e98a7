-- Where postcodes lie, as somebody who publishes them says: by that an address lies in an area that is drawn on a map. The
-- smallest H3 cell of the place stands beside it, in the order that areas of cells are compared in.
create table market.postcode_place (
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  postcode text collate "C" not null check (postcode ~ '^[A-Z0-9]{1,16}$'), -- without spaces and hyphens, in capitals
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  smallest bigint not null,
  primary key (country_code, postcode)
);
create index postcode_place_at on market.postcode_place (country_code, smallest);

-- Kept in memory by whoever reads which countries have areas: see platform.settings.
create trigger settings_changed after insert or update or delete or truncate on market.region_cell
  for each statement execute function platform.settings_changed();
