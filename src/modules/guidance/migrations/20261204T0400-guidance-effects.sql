create type guidance.effect_state as enum ('too_early', 'too_little', 'too_few_markets', 'measured');
create type guidance.effect_way as enum ('synthetic', 'holdout');

-- What an accepted adjustment brought, as it was measured on a day. The newest row of an adjustment holds.
create table guidance.effect (
  adjustment_id uuid not null references guidance.adjustment (id) on delete restrict,
  known_to date not null, -- the last day whose figures were known: measured again with the same it is the same
  state guidance.effect_state not null,
  metric text not null check (length(metric) <= 60),
  from_day date not null, -- the day after the decision
  to_day date not null, -- the last day looked at; the day before `from_day` while there is none
  way guidance.effect_way,
  markets smallint not null default 0 check (markets >= 0), -- so many others it is compared with
  observed double precision,
  expected double precision, -- what the others let expect
  hoped double precision, -- what was expected of the adjustment for as many days
  chance double precision check (chance > 0 and chance <= 1),
  weights jsonb not null default '[]',
  is_final boolean not null,
  measured_at timestamptz not null,
  primary key (adjustment_id, known_to),
  check (to_day >= from_day - 1),
  check ((state = 'measured') = (num_nulls(way, observed, expected, hoped, chance) = 0)),
  check (state = 'measured' or num_nonnulls(way, observed, expected, hoped, chance) = 0)
);
create trigger append_only before update or delete on guidance.effect
  for each row execute function platform.forbid_change();
create unique index effect_final on guidance.effect (adjustment_id) where is_final; -- measured once and for all
