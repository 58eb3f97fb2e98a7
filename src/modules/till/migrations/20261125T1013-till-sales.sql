-- From when a register's drawer is opened with its float until it is counted.
create table till.shift (
  id uuid primary key, -- made by the caller, so that a retry is the same shift
  register_id uuid not null references till.register (id) on delete restrict,
  opened_by uuid not null, -- a member of staff
  opened_at timestamptz not null,
  float_minor bigint not null check (float_minor >= 0),
  closed_by uuid,
  closed_at timestamptz check (closed_at >= opened_at),
  counted_minor bigint check (counted_minor >= 0),
  counts jsonb, -- how many pieces of each worth, where they were told
  check ((closed_at is null) = (counted_minor is null) and (closed_at is null) = (closed_by is null))
);
-- One drawer, one shift at a time.
create unique index shift_open on till.shift (register_id) where closed_at is null;
create index shift_of_register on till.shift (register_id, opened_at desc, id desc);

-- A sale at a register. The order is orders'; this says where it was made, and what was answered.
create table till.sale (
  order_id uuid primary key references orders.order (id) on delete restrict deferrable initially deferred,
  register_id uuid not null references till.register (id) on delete restrict,
  shift_id uuid references till.shift (id) on delete restrict,
  associate_id uuid,
  sold_at timestamptz not null,
  entered_at timestamptz not null,
  has_happened boolean not null, -- made while the connection was lost
  request_hash bytea not null, -- the same id with other content is refused
  answer jsonb -- null only while it is being entered
);
create index sale_of_shift on till.sale (shift_id);

-- What was given for a sale, in the order in which it was told.
create type till.payment_kind as enum ('cash', 'card', 'gift_card', 'store_credit');
create table till.sale_payment (
  order_id uuid references till.sale (order_id) on delete restrict,
  position integer check (position > 0),
  kind till.payment_kind not null,
  amount_minor bigint not null check (amount_minor > 0),
  tendered_minor bigint check (tendered_minor >= amount_minor),
  primary key (order_id, position),
  check ((kind = 'cash') = (tendered_minor is not null))
);

-- The ledger of a drawer: what was put in (positive) and taken out (negative). A count enters what it differed by, so
-- that the sum is what was counted.
create type till.drawer_entry_kind as enum ('float', 'sale', 'refund', 'paid_in', 'paid_out', 'count');
create table till.drawer_entry (
  id uuid primary key, -- made by the caller, so that a retry is the same entry
  shift_id uuid not null references till.shift (id) on delete restrict,
  kind till.drawer_entry_kind not null,
  amount_minor bigint not null,
  reason text not null default '' check (length(reason) <= 200),
  order_id uuid references orders.order (id) on delete restrict deferrable initially deferred,
  actor_id uuid,
  entered_at timestamptz not null,
  check (case kind when 'count' then true when 'refund' then amount_minor < 0 when 'paid_out' then amount_minor < 0
    when 'float' then amount_minor >= 0 else amount_minor > 0 end),
  check ((kind in ('sale', 'refund')) = (order_id is not null)),
  check ((kind in ('paid_in', 'paid_out')) = (reason <> ''))
);
create index drawer_entry_of_shift on till.drawer_entry (shift_id, entered_at);
create index drawer_entry_of_order on till.drawer_entry (order_id) where order_id is not null;
create trigger append_only before update or delete on till.drawer_entry
  for each row execute function platform.forbid_change();

-- What was sold while the connection was lost and was promised to others, or not there at all, by the books.
create table till.stock_conflict (
  id uuid primary key,
  order_id uuid not null references till.sale (order_id) on delete restrict,
  register_id uuid not null references till.register (id) on delete restrict,
  variant_id uuid not null references catalog.variant (id) on delete restrict,
  location_id uuid not null references inventory.location (id) on delete restrict,
  wanted integer not null check (wanted > 0),
  available integer not null check (available >= 0 and available < wanted),
  told_at timestamptz not null,
  settled_at timestamptz,
  settled_by uuid,
  note text not null default '' check (length(note) <= 200),
  check ((settled_at is null) = (settled_by is null))
);
create index stock_conflict_open on till.stock_conflict (location_id, told_at, id) where settled_at is null;

-- A basket put aside. Nothing is held for it; it is taken up at any register of the store, by one only.
create table till.parked (
  id uuid primary key, -- made by the caller, so that a retry is the same basket
  location_id uuid not null references inventory.location (id) on delete restrict,
  register_id uuid not null references till.register (id) on delete restrict,
  note text not null default '' check (length(note) <= 120),
  lines jsonb not null,
  codes text[] not null default '{}',
  parked_by uuid not null,
  parked_at timestamptz not null,
  expires_at timestamptz not null,
  taken_by uuid references till.register (id) on delete restrict,
  taken_at timestamptz,
  check ((taken_by is null) = (taken_at is null))
);
create index parked_at_location on till.parked (location_id, parked_at, id) where taken_by is null;
create index parked_expiring on till.parked (expires_at);
