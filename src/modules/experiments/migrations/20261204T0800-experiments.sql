create schema experiments;
create type experiments.state as enum ('draft', 'running', 'stopped');
create type experiments.step_kind as enum ('drafted', 'started', 'stopped', 'decided');

-- A question that is asked of customers or of orders: what is tried, beside what it is now.
create table experiments.experiment (
  id uuid primary key, -- made by the caller, so that a retry is the same one; the salt of its assignment
  key text not null unique check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(key) <= 60),
  title text not null check (length(title) between 1 and 120),
  hypothesis text not null check (length(hypothesis) <= 1000),
  owner_id uuid not null references identity.member (id) on delete restrict,
  seam text not null check (length(seam) <= 60), -- what is tried: SEAMS in seams.ts
  variants jsonb not null, -- Variant[] in experiments.ts: the first is what it is now
  countries text[] not null default '{}', -- where it runs; empty: anywhere
  metric text not null check (length(metric) <= 60),
  guardrails jsonb not null default '[]', -- Guardrail[] in experiments.ts
  planned_units integer not null check (planned_units between 100 and 10000000),
  state experiments.state not null default 'draft',
  changed_at timestamptz not null,
  started_at timestamptz,
  stopped_at timestamptz,
  check ((state = 'draft') = (started_at is null)),
  check ((state = 'stopped') = (stopped_at is not null))
);
-- Two that try the same thing at once would each answer for the other.
create unique index experiment_at_seam on experiments.experiment (seam) where state = 'running';
create trigger settings_changed after insert or update or delete or truncate on experiments.experiment
  for each statement execute function platform.settings_changed();

-- What was done to it, by whom and why.
create table experiments.step (
  id uuid primary key, -- made by the caller, so that a retry is the same step
  experiment_id uuid not null references experiments.experiment (id) on delete restrict,
  kind experiments.step_kind not null,
  chosen text check (length(chosen) <= 60), -- of a decision: the variant that is to stay
  reason text not null check (length(reason) <= 500),
  actor text not null,
  taken_at timestamptz not null,
  check ((kind = 'decided') = (chosen is not null))
);
create index step_of_experiment on experiments.step (experiment_id, taken_at, id);
create unique index step_once on experiments.step (experiment_id, kind) where kind in ('started', 'stopped', 'decided');
create trigger append_only before update or delete on experiments.step
  for each row execute function platform.forbid_change();

-- For whom which variant first made a difference: a browser that agreed to be counted, or an order.
create table experiments.exposure (
  experiment_id uuid not null references experiments.experiment (id) on delete restrict,
  unit_id uuid not null, -- the visitor's random number, or the order
  variant smallint not null check (variant >= 0), -- its place among the variants
  exposed_at timestamptz not null,
  primary key (experiment_id, unit_id)
);
create trigger append_only before update or delete on experiments.exposure
  for each row execute function platform.forbid_change();

-- What a visitor bought, and who they turned out to be: so that an order counts wherever it was made. Deleted with the member.
create table experiments.visitor_cart (
  cart_id uuid primary key,
  visitor_id uuid not null,
  tied_at timestamptz not null
);
create index cart_of_visitor on experiments.visitor_cart (visitor_id);
create table experiments.visitor_member (
  visitor_id uuid not null,
  member_id uuid not null references identity.member (id) on delete cascade,
  tied_at timestamptz not null,
  primary key (visitor_id, member_id)
);
create index visitor_of_member on experiments.visitor_member (member_id);

-- What was seen at each look: whoever looks often is not fooled, but must know how the least ratio came about.
create table experiments.look (
  experiment_id uuid not null references experiments.experiment (id) on delete restrict,
  looked_at timestamptz not null,
  figures jsonb not null, -- Look in looks.ts
  ratio_p double precision not null check (ratio_p between 0 and 1), -- the least so far
  primary key (experiment_id, looked_at)
);
create trigger append_only before update or delete on experiments.look
  for each row execute function platform.forbid_change();

-- What an owner is to be told, once each.
create table experiments.alert (
  experiment_id uuid not null references experiments.experiment (id) on delete restrict,
  about text not null check (about in ('guardrail', 'ratio')),
  made_at timestamptz not null,
  claimed_at timestamptz,
  sent_at timestamptz,
  primary key (experiment_id, about)
);
