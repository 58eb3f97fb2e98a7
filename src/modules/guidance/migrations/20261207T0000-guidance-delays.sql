alter type guidance.effect_way add value 'comparison';
alter type guidance.effect_state add value 'not_in_force';

-- What asking a carrier and another routing rule brought: shipments and orders that came late, beside others of the same days.
alter table guidance.effect drop constraint effect_beside_check,
  add constraint effect_beside_check check (beside in ('markets', 'goods', 'carriers', 'orders')),
  add column expected_low double precision, -- in four of five cases what was to be expected lies between
  add column expected_high double precision,
  add constraint effect_expected_between check (
    (expected_low is null) = (expected_high is null) and (expected_low is null or expected_low <= expected and expected <= expected_high));
