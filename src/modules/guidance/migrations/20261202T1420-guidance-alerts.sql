-- Whose a market's figures are: who hears of what leaves its band. Of several that fit each is told.
create table guidance.rule (
  id uuid primary key, -- made by the caller, so that a retry is the same rule
  metric text check (length(metric) <= 60), -- none: any
  region text check (length(region) <= 60), -- none: any; empty: all regions together
  owner_id uuid not null references identity.member (id) on delete restrict,
  muted_until timestamptz, -- nobody is mailed before; the desk shows it all the same
  changed_at timestamptz not null,
  ended_at timestamptz
);
create index rule_in_force on guidance.rule (changed_at, id) where ended_at is null;

-- Who is to be told of what: once each.
create table guidance.alert (
  finding_id uuid not null references guidance.finding (id) on delete restrict,
  owner_id uuid not null references identity.member (id) on delete restrict,
  made_at timestamptz not null,
  claimed_at timestamptz, -- somebody is sending it
  sent_at timestamptz,
  primary key (finding_id, owner_id)
);
create index alert_waiting on guidance.alert (owner_id) where sent_at is null; -- one mail tells of all that waits
