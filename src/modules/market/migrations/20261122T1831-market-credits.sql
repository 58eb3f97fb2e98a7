-- How stores share a region: P = (A^α / d^β) / Σ. One row; a change counts for territories that are set after it.
create table market.sharing (
  is_only boolean primary key default true check (is_only),
  attractiveness_exponent double precision not null default 1 check (attractiveness_exponent between 0 and 10),
  distance_exponent double precision not null default 2 check (distance_exponent between 0 and 10),
  distance_floor_km double precision not null default 1 check (distance_floor_km between 0.001 and 1000)
);
insert into market.sharing default values;

-- Which stores a region belongs to, from a day on. A change is a new row, which ends the one before it: only ends_on
-- ever changes. A territory without stores says that the region has none of its own, so its parent's holds.
create table market.territory (
  id uuid primary key, -- made by the caller, so that a retry is the same territory
  region_code text not null references market.region (code) on delete restrict,
  starts_on date not null,
  ends_on date, -- the first day it holds no more; its first day when another took its place entirely
  attractiveness_exponent double precision not null,
  distance_exponent double precision not null,
  note text not null,
  set_by uuid,
  set_at timestamptz not null,
  constraint ends_after_its_start check (ends_on >= starts_on),
  constraint one_at_a_time exclude using gist (region_code with =, daterange(starts_on, ends_on) with &&)
);

-- Weights are written down when the territory is set: its credits are then the same on every machine, for ever.
create table market.territory_store (
  territory_id uuid not null references market.territory (id) on delete restrict,
  location_id uuid not null,
  attractiveness double precision not null check (attractiveness > 0),
  distance_km double precision check (distance_km >= 0), -- null when it shares with nobody
  weight bigint not null check (weight >= 0),
  primary key (territory_id, location_id)
);
create trigger append_only before update or delete on market.territory_store
  for each row execute function platform.forbid_change();

-- What is still to be credited anew, because a territory changed: all sales of the region from a day on.
create table market.recrediting (
  id uuid primary key,
  region_code text not null references market.region (code) on delete restrict,
  from_day date not null,
  asked_at timestamptz not null,
  -- How far it has come: everything up to this sale of this day is done.
  day_reached date,
  sale_reached uuid not null default '00000000-0000-0000-0000-000000000000',
  corrected integer not null default 0,
  finished_at timestamptz
);
create index recrediting_due on market.recrediting (asked_at, id) where finished_at is null;

create type market.credit_kind as enum ('regional', 'fulfilment', 'associate');

-- The ledger of credits: one row for each store that a line of an order, a return or a cancellation is credited to.
-- A mistake is corrected by further rows. Without a location a regional credit is what no territory claims.
-- region_code has no foreign key, and neither has event_id: both come from the event table, and rows come by the million.
create table market.sale_credit (
  id bigint generated always as identity primary key,
  kind market.credit_kind not null,
  sale_id uuid not null, -- the order; of a return that names none, the return
  line_id uuid not null, -- of the order, or of the return or cancellation that the event tells
  event_id uuid not null,
  location_id uuid,
  associate_id uuid,
  amount_minor bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  business_day date not null,
  region_code text, -- where the customer is; null for fulfilment credits
  recrediting_id uuid references market.recrediting (id) on delete restrict,
  constraint who_helped check ((kind = 'associate') = (associate_id is not null)),
  constraint where_it_left check (kind <> 'fulfilment' or location_id is not null),
  constraint in_a_region check ((kind = 'fulfilment') = (region_code is null))
);
create trigger append_only before update or delete on market.sale_credit
  for each row execute function platform.forbid_change();
create index sale_credit_sale on market.sale_credit (sale_id); -- what a sale was credited with, when some of it comes back
create index sale_credit_line on market.sale_credit (kind, location_id, business_day, id); -- a store's lines of a period
create index sale_credit_region on market.sale_credit (region_code, business_day, sale_id); -- what a territory's change touches

-- The ledger's sums by day: what a period's page adds up.
create table market.credit_day (
  business_day date not null,
  currency text not null,
  kind market.credit_kind not null,
  location_id uuid,
  associate_id uuid,
  amount_minor bigint not null,
  unique nulls not distinct (business_day, currency, kind, location_id, associate_id)
);

-- What a shipment costs a location: minutes (fixed + for each line) × rate + label + packaging. Without a row nothing is
-- known, and nothing is credited.
create table market.serve_rate (
  location_id uuid primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  minutes_fixed double precision not null check (minutes_fixed between 0 and 10000),
  minutes_per_line double precision not null check (minutes_per_line between 0 and 10000),
  minute_minor double precision not null check (minute_minor between 0 and 1000000),
  label_minor bigint not null check (label_minor between 0 and 100000000),
  packaging_minor bigint not null check (packaging_minor between 0 and 100000000),
  set_at timestamptz not null
);

-- How far the credits have come in the event table: everything up to (position, event_id) is credited.
create table market.follower (
  name text primary key,
  position xid8 not null default '0',
  event_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into market.follower (name) values ('sale_credit');
