create schema routing;

-- How orders find the locations that fulfil them. A change is a new row: the newest is in force, the others say by
-- which rules the orders of their time were routed.
create table routing.rule_set (
  version integer primary key check (version > 0),
  rules jsonb not null, -- RuleSet in rules.ts
  note text not null default '',
  published_at timestamptz not null default now(),
  published_by uuid -- the member or API key; null for the one that came with Stoa
);
create trigger append_only before update or delete on routing.rule_set
  for each row execute function platform.forbid_change();
insert into routing.rule_set (version, rules) values (1, '{
  "filters": [],
  "weights": {"promise": 50, "cost": 25, "distance": 15, "load": 10},
  "split": "within_line",
  "locationsMax": 4,
  "parcel": {"baseMinor": 450, "perKmMinor": 0.2}
}');

-- Which location is to fulfil which part of an order, what was promised for it, and why it was chosen.
create table routing.assignment (
  id uuid primary key, -- made by the caller, so that a retry is the same assignment
  order_id uuid not null,
  location_id uuid not null references inventory.location (id) on delete restrict,
  rule_set_version integer not null references routing.rule_set (version) on delete restrict,
  assigned_at timestamptz not null,
  leaves_on date not null, -- by the location's own clock
  promised_from date not null,
  promised_to date not null check (promised_to >= promised_from),
  reasons jsonb not null -- Reasons in route.ts: what each location weighed, and what kept others out
);
create index assignment_of_order on routing.assignment (order_id);
-- Serves how much of a day's capacity is taken.
create index assignment_by_day on routing.assignment (location_id, leaves_on);
create trigger append_only before update or delete on routing.assignment
  for each row execute function platform.forbid_change();

create table routing.assignment_line (
  assignment_id uuid not null references routing.assignment (id) on delete restrict,
  variant_id uuid not null, -- an order's line of it may lie over several assignments
  quantity integer not null check (quantity > 0),
  primary key (assignment_id, variant_id)
);
create trigger append_only before update or delete on routing.assignment_line
  for each row execute function platform.forbid_change();
