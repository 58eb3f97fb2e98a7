-- Kept in memory by whoever reads them: see platform.settings.
create trigger settings_changed after insert or update or delete or truncate on market.region
  for each statement execute function platform.settings_changed();
create trigger settings_changed after insert or update or delete or truncate on market.region_postcode
  for each statement execute function platform.settings_changed();
