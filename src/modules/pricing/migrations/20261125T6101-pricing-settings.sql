-- Kept in memory by whoever reads them: see platform.settings.
-- How often a promotion was used is no setting: orders count it.
create trigger settings_changed after insert or delete or update of name, code, effect, currency, min_goods_minor, product_ids, category_ids,
  brand_ids, region_codes, combination, priority, valid_from, valid_to, uses_max, budget_minor, uses_per_member or truncate on pricing.promotion
  for each statement execute function platform.settings_changed();
create trigger settings_changed after insert or update or delete or truncate on pricing.tax_rate
  for each statement execute function platform.settings_changed();
create trigger settings_changed after insert or update or delete or truncate on pricing.tax_added
  for each statement execute function platform.settings_changed();
