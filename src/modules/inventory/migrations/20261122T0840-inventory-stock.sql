create schema inventory;
create type inventory.location_kind as enum ('store', 'warehouse', 'supplier');
create type inventory.move_kind as enum ('receive', 'reserve', 'release', 'ship', 'return_in');
create type inventory.reservation_state as enum ('held', 'shipped', 'released');

-- A place that holds and ships stock.
create table inventory.location (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  kind inventory.location_kind not null,
  name text not null,
  street text not null default '',
  postcode text not null default '',
  city text not null,
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  time_zone text not null, -- IANA name; opening hours are in it
  -- For each day, Monday first: null when closed, or {"opens": "09:00", "closes": "18:00"}.
  opening_hours jsonb not null check (jsonb_array_length(opening_hours) = 7),
  media_id uuid references catalog.media (id) on delete restrict
);

create table inventory.stock_level (
  variant_id uuid references catalog.variant (id) on delete restrict,
  location_id uuid references inventory.location (id) on delete restrict,
  on_hand integer not null default 0,
  reserved integer not null default 0 check (reserved >= 0),
  primary key (variant_id, location_id),
  constraint never_oversold check (on_hand >= reserved)
);

-- The ledger: every change of stock, never edited. stock_level is its running sum.
create table inventory.stock_move (
  id bigint generated always as identity primary key,
  kind inventory.move_kind not null,
  cause_id uuid not null, -- the delivery, reservation or return that explains the move
  variant_id uuid not null,
  location_id uuid not null,
  on_hand_delta integer not null,
  reserved_delta integer not null,
  moved_at timestamptz not null default now(),
  unique (cause_id, kind, variant_id, location_id), -- a retry cannot count twice
  foreign key (variant_id, location_id) references inventory.stock_level on delete restrict
);
create trigger append_only before update or delete on inventory.stock_move
  for each row execute function platform.forbid_change();

create table inventory.reservation (
  id uuid primary key, -- made by the caller, so that a retry is the same reservation
  state inventory.reservation_state not null default 'held',
  expires_at timestamptz not null
);
create index reservation_due on inventory.reservation (expires_at) where state = 'held';
