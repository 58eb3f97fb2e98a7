create type guidance.adjustment_kind as enum ('move_stock', 'keep_back');
create type guidance.adjustment_state as enum ('open', 'accepted', 'declined', 'lapsed');
create type guidance.verdict as enum ('accepted', 'declined');

-- Something to do, with what it is expected to bring and the figures that this follows from.
create table guidance.adjustment (
  id uuid primary key,
  kind guidance.adjustment_kind not null,
  subject text not null check (length(subject) <= 200), -- what it is about: proposed again it is the same
  region text not null check (length(region) <= 60), -- where it helps
  state guidance.adjustment_state not null default 'open',
  facts jsonb not null,
  expected_units integer not null check (expected_units > 0),
  expected_minor bigint, -- none where nothing was sold that would say a price
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  proposed_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index adjustment_open on guidance.adjustment (subject) where state = 'open'; -- one of each
create index adjustment_by_state on guidance.adjustment (state, changed_at desc, id); -- the desk's lists

-- Who took it up or turned it down, and why.
create table guidance.decision (
  id uuid primary key, -- made by the caller, so that a retry is the same decision
  adjustment_id uuid not null unique references guidance.adjustment (id) on delete restrict,
  verdict guidance.verdict not null,
  reason text not null check (length(reason) <= 500),
  actor text not null,
  decided_at timestamptz not null
);
create trigger append_only before update or delete on guidance.decision
  for each row execute function platform.forbid_change();
