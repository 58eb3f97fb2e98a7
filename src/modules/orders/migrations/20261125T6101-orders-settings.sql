-- Kept in memory by whoever reads them: see platform.settings.
create trigger settings_changed after insert or update or delete or truncate on orders.delivery_option
  for each statement execute function platform.settings_changed();
create trigger settings_changed after insert or update or delete or truncate on orders.delivery_rate
  for each statement execute function platform.settings_changed();
