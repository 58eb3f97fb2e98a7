-- Kept in memory by whoever reads them: see platform.settings.
create trigger settings_changed after insert or update or delete or truncate on inventory.location
  for each statement execute function platform.settings_changed();
create trigger settings_changed after insert or update or delete or truncate on inventory.location_closure
  for each statement execute function platform.settings_changed();
