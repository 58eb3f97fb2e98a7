create schema guidance;
create type guidance.direction as enum ('up', 'down');
create type guidance.finding_state as enum ('open', 'over', 'withdrawn');

-- A figure of a market that left its band, for as many days as it did.
create table guidance.finding (
  id uuid primary key,
  metric text not null check (length(metric) <= 60),
  region text not null check (length(region) <= 60), -- a country's code; empty: all regions together
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  direction guidance.direction not null,
  state guidance.finding_state not null default 'open',
  from_day date not null,
  last_day date not null check (last_day >= from_day), -- the last one that was outside
  opened_at timestamptz not null,
  changed_at timestamptz not null
);
create index finding_recent on guidance.finding (last_day desc, id); -- the desk's list, and what a job may carry on

-- What each day of it was, as it was judged last.
create table guidance.finding_day (
  finding_id uuid not null references guidance.finding (id) on delete restrict,
  day date not null,
  span smallint not null check (span in (1, 7)), -- so many days up to it were judged together
  observed double precision not null,
  expected double precision not null,
  low double precision not null,
  high double precision not null,
  chance double precision not null check (chance between 0 and 1),
  primary key (finding_id, day)
);

-- Of two that judge at once, one writes: whoever began with another version has judged in vain.
create table guidance.progress (
  singleton boolean primary key default true check (singleton),
  version bigint not null default 0,
  judged_to date -- none until a day was judged
);
insert into guidance.progress default values;
