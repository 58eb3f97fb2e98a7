alter type guidance.adjustment_kind add value 'change_rules';
-- What saves money brings no unit more.
alter table guidance.adjustment drop constraint adjustment_expected_units_check,
  add constraint adjustment_expected_units_check check (expected_units >= 0);
