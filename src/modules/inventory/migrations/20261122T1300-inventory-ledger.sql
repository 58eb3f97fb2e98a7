-- The whole life of stock: what is promised and not yet gone, what is damaged, what it cost, what is on its way.

-- What a location does, beside where it is.
alter table inventory.location
  add column is_active boolean not null default true,
  add column ships boolean not null default true, -- sends parcels to buyers
  add column hands_over boolean not null default true, -- buyers collect there
  add column cut_off time, -- local: what is assigned later leaves on the next open day; null: until it closes
  add column capacity_per_day integer check (capacity_per_day > 0), -- fulfilment orders a day; null: no limit
  add column handling_days integer not null default 0 check (handling_days between 0 and 60),
  add column pick_cost_minor bigint not null default 0 check (pick_cost_minor >= 0), -- for each unit
  add column pack_cost_minor bigint not null default 0 check (pack_cost_minor >= 0), -- for each parcel
  add column location_group text not null default 'all' check (location_group ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

-- Days on which a location is closed, whatever its week says.
create table inventory.location_closure (
  location_id uuid references inventory.location (id) on delete cascade,
  day date,
  reason text not null default '',
  primary key (location_id, day)
);

alter table inventory.stock_level
  add column allocated integer not null default 0 check (allocated >= 0),
  add column damaged integer not null default 0 check (damaged >= 0),
  add column safety integer not null default 0 check (safety >= 0),
  -- Promised units that are not here: back-orders, and what a count or damage took from under a promise.
  add column short integer not null default 0 check (short >= 0),
  -- What the units on hand cost, in the marketplace's currency: the average cost is value_minor / on_hand.
  add column value_minor bigint not null default 0 check (value_minor >= 0),
  drop constraint never_oversold,
  add constraint never_oversold check (on_hand + short >= reserved + allocated),
  add constraint never_negative check (on_hand >= 0),
  add constraint nothing_costs_nothing check (on_hand > 0 or value_minor = 0),
  add column available integer not null generated always as (greatest(0, on_hand - reserved - allocated - safety)) stored;
create index stock_level_of_location on inventory.stock_level (location_id, variant_id);

alter table inventory.stock_move rename to stock_movement;
create type inventory.movement_kind as enum (
  'receive', 'reserve', 'release', 'allocate', 'deallocate', 'ship', 'transfer_out', 'transfer_in',
  'adjust', 'count', 'return_in', 'damage', 'write_off'
);
drop trigger append_only on inventory.stock_movement; -- a change of type writes every row anew
alter table inventory.stock_movement
  alter column kind type inventory.movement_kind using kind::text::inventory.movement_kind,
  add column allocated_delta integer not null default 0,
  add column damaged_delta integer not null default 0,
  add column value_delta_minor bigint not null default 0,
  add column reason text not null default '',
  add column actor_id uuid; -- the member, API key or feed who did it; null for the system itself
drop type inventory.move_kind;
create trigger append_only before update or delete on inventory.stock_movement
  for each row execute function platform.forbid_change();
-- Serves a variant's history and the position at a past moment.
create index stock_movement_by_time on inventory.stock_movement (variant_id, location_id, moved_at);

-- An order that is paid keeps its units as allocated until they are shipped or the order lets them go.
alter table inventory.reservation alter column state drop default;
drop index inventory.reservation_due;
alter table inventory.reservation
  alter column state type text using case state when 'shipped' then 'allocated' else state::text end;
drop type inventory.reservation_state;
create type inventory.reservation_state as enum ('held', 'allocated', 'released');
alter table inventory.reservation
  alter column state type inventory.reservation_state using state::inventory.reservation_state,
  alter column state set default 'held';
create index reservation_due on inventory.reservation (expires_at) where state = 'held';

-- Goods on their way between two of our locations.
create type inventory.transfer_state as enum ('sent', 'received');
create table inventory.transfer (
  id uuid primary key,
  from_location_id uuid not null references inventory.location (id) on delete restrict,
  to_location_id uuid not null references inventory.location (id) on delete restrict,
  state inventory.transfer_state not null default 'sent',
  sent_at timestamptz not null,
  expected_on date not null,
  received_at timestamptz,
  note text not null default '',
  check (from_location_id <> to_location_id),
  check ((state = 'received') = (received_at is not null))
);
create table inventory.transfer_line (
  transfer_id uuid references inventory.transfer (id) on delete restrict,
  variant_id uuid references catalog.variant (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  value_minor bigint not null check (value_minor >= 0), -- what they cost, taken along
  received_quantity integer check (received_quantity between 0 and quantity), -- the difference was lost on the way
  primary key (transfer_id, variant_id)
);
create index transfer_incoming on inventory.transfer (to_location_id) where state = 'sent';

-- Goods ordered from a supplier. A purchase arrives in one receipt or several.
create table inventory.purchase (
  id uuid primary key,
  number text not null unique,
  supplier text not null,
  location_id uuid not null references inventory.location (id) on delete restrict,
  expected_on date not null,
  created_at timestamptz not null default now(),
  closed_at timestamptz -- nothing more is expected
);
create table inventory.purchase_line (
  purchase_id uuid references inventory.purchase (id) on delete restrict,
  variant_id uuid references catalog.variant (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  unit_cost_minor bigint not null check (unit_cost_minor >= 0),
  received_quantity integer not null default 0 check (received_quantity >= 0),
  primary key (purchase_id, variant_id)
);
create index purchase_incoming on inventory.purchase (location_id) where closed_at is null;

-- What arrived. Freight and duty are spread over the lines by their value: the landed cost.
create table inventory.receipt (
  id uuid primary key,
  purchase_id uuid references inventory.purchase (id) on delete restrict, -- null: nobody had announced it
  location_id uuid not null references inventory.location (id) on delete restrict,
  freight_minor bigint not null default 0 check (freight_minor >= 0),
  duty_minor bigint not null default 0 check (duty_minor >= 0),
  received_at timestamptz not null,
  lines jsonb not null -- as they were told, so that a retry is known for one
);

-- What people found to be so: counts, adjustments with their reason, damage, write-offs.
create table inventory.correction (
  id uuid primary key,
  kind inventory.movement_kind not null check (kind in ('count', 'adjust', 'damage', 'write_off')),
  reason text not null default '',
  actor_id uuid,
  corrected_at timestamptz not null,
  lines jsonb not null -- as they were told, so that a retry is known for one
);

-- A partner's statement of stock, answered line by line. The answer is kept, so that a retry gets the same.
create table inventory.stock_feed (
  id uuid primary key,
  location_id uuid not null references inventory.location (id) on delete restrict,
  told_at timestamptz not null,
  received_at timestamptz not null default now(),
  lines_hash bytea not null,
  outcome jsonb -- null only while it is being taken
);
