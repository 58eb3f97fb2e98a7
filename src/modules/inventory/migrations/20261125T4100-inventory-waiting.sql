-- What may be promised of a variant when no unit of it is free, and who waits for what is still to come.
create type inventory.selling_kind as enum ('from_stock', 'back_order', 'pre_order');
create table inventory.selling_rule (
  variant_id uuid primary key references catalog.variant (id) on delete restrict,
  kind inventory.selling_kind not null,
  units_max integer not null default 0 check (units_max between 0 and 100000),
  lead_days integer check (lead_days between 1 and 365), -- where no purchase says when goods come
  release_on date, -- nothing of it is sent before
  -- Units that are promised and not here yet: counted under this row's lock, so that no two buyers get the last one.
  promised integer not null default 0 check (promised >= 0),
  changed_at timestamptz not null default now(),
  check ((kind = 'back_order') = (lead_days is not null)),
  check ((kind = 'pre_order') = (release_on is not null)),
  constraint never_promised_beyond check (kind = 'from_stock' or promised <= units_max)
);
create index selling_rule_pre_order on inventory.selling_rule (release_on) where kind = 'pre_order';

-- Units of a reservation whose goods are still to come to the location. Whoever reserved first is served first.
create table inventory.waiting (
  reservation_id uuid not null references inventory.reservation (id) on delete restrict,
  variant_id uuid not null,
  location_id uuid not null,
  position bigint not null generated always as identity,
  quantity integer not null check (quantity > 0),
  served integer not null default 0 check (served >= 0), -- their goods have come
  freed integer not null default 0 check (freed >= 0), -- nobody wants them any more
  open integer not null generated always as (quantity - served - freed) stored,
  primary key (reservation_id, variant_id, location_id),
  foreign key (variant_id, location_id) references inventory.stock_level on delete restrict,
  constraint served_once check (served + freed <= quantity)
);
create index waiting_open on inventory.waiting (variant_id, location_id, position) where quantity > served + freed;
