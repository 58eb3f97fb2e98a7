-- A rate holds in any region of the tree: below a country too, where an address says that it lies there.
alter table pricing.tax_rate drop constraint tax_rate_place_check,
  add constraint tax_rate_place_check check (place ~ '^([A-Z]{2}(-[a-z0-9]+)*|x-[a-z0-9-]{2,60})$' and length(place) <= 62);
