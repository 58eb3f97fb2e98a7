create schema fulfilment;

create type fulfilment.order_state as enum (
  'assigned', 'accepted', 'picked', 'packed', 'shipped', 'delivered', 'rejected', 'expired',
  'cancelled'
);

-- The part of an order that one location fulfils. What it can't goes to another as another fulfilment order.
create table fulfilment.fulfilment_order (
  id uuid primary key, -- the assignment's id in routing, so that a repeat makes no second one
  order_id uuid not null references orders.order (id) on delete restrict,
  location_id uuid not null references inventory.location (id) on delete restrict,
  state fulfilment.order_state not null default 'assigned',
  leaves_on date not null, -- by the location's own clock
  -- The first promise is what the buyer was told when they ordered; the other is this parcel's own.
  first_promised_from date not null,
  first_promised_to date not null,
  promised_from date not null,
  promised_to date not null,
  accept_by timestamptz not null, -- not accepted by then, it goes to another location
  is_first boolean not null, -- assigned when the order was placed, not brokered again
  placed_at timestamptz not null,
  assigned_at timestamptz not null,
  accepted_at timestamptz,
  picked_at timestamptz,
  packed_at timestamptz,
  shipped_at timestamptz,
  delivered_at timestamptz
);
create index fulfilment_order_of_order on fulfilment.fulfilment_order (order_id);
-- Serves the queues: what a location has yet to do, the oldest first.
create index fulfilment_order_queue on fulfilment.fulfilment_order (location_id, state, assigned_at, id);
create index fulfilment_order_by_state on fulfilment.fulfilment_order (state, assigned_at, id);
create index fulfilment_order_by_time on fulfilment.fulfilment_order (assigned_at, id);
create index fulfilment_order_due on fulfilment.fulfilment_order (accept_by) where state = 'assigned';

create table fulfilment.fulfilment_order_line (
  fulfilment_order_id uuid references fulfilment.fulfilment_order (id) on delete restrict,
  order_line_id uuid references orders.order_line (id) on delete restrict,
  variant_id uuid not null references catalog.variant (id) on delete restrict,
  quantity integer not null check (quantity > 0), -- as it was assigned
  rejected integer not null default 0 check (rejected >= 0), -- units that went back to be brokered again
  cancelled integer not null default 0 check (cancelled >= 0), -- units that the order let go
  remaining integer not null generated always as (quantity - rejected - cancelled) stored check (remaining >= 0),
  primary key (fulfilment_order_id, order_line_id)
);
create index fulfilment_order_line_of_order_line on fulfilment.fulfilment_order_line (order_line_id);
-- Serves how many units of a variant a location has taken from the shelf and not yet sent.
create index fulfilment_order_line_of_variant on fulfilment.fulfilment_order_line (variant_id);

create table fulfilment.step (
  id uuid primary key, -- made by the caller, so that a retry is the same step
  fulfilment_order_id uuid not null references fulfilment.fulfilment_order (id) on delete restrict,
  state fulfilment.order_state not null,
  taken_at timestamptz not null,
  actor_id uuid, -- the member or API key; null for the system itself
  note text not null default ''
);
create index step_of_fulfilment_order on fulfilment.step (fulfilment_order_id, taken_at);
create trigger append_only before update or delete on fulfilment.step
  for each row execute function platform.forbid_change();

create type fulfilment.rejection_reason as enum ('not_in_stock', 'mismatch', 'damaged', 'other');
create table fulfilment.rejection (
  id uuid primary key, -- made by the caller, so that a retry is the same rejection
  fulfilment_order_id uuid not null references fulfilment.fulfilment_order (id) on delete restrict,
  rejected_at timestamptz not null,
  actor_id uuid,
  note text not null default ''
);
create index rejection_of_fulfilment_order on fulfilment.rejection (fulfilment_order_id);
create trigger append_only before update or delete on fulfilment.rejection
  for each row execute function platform.forbid_change();
create table fulfilment.rejection_line (
  rejection_id uuid references fulfilment.rejection (id) on delete restrict,
  order_line_id uuid references orders.order_line (id) on delete restrict,
  variant_id uuid not null references catalog.variant (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  reason fulfilment.rejection_reason not null,
  counted integer check (counted >= 0), -- what is on the shelf, where it is not what the books say
  primary key (rejection_id, order_line_id),
  check ((reason = 'mismatch') = (counted is not null))
);
create trigger append_only before update or delete on fulfilment.rejection_line
  for each row execute function platform.forbid_change();

-- Units that no location can give. They wait here until somebody tries again or the order lets them go.
create table fulfilment.unfillable (
  id uuid primary key,
  order_id uuid not null references orders.order (id) on delete restrict,
  order_line_id uuid not null references orders.order_line (id) on delete restrict,
  variant_id uuid not null references catalog.variant (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  reason text not null,
  since timestamptz not null,
  resolved_at timestamptz
);
create index unfillable_open on fulfilment.unfillable (since, id) where resolved_at is null;
create index unfillable_of_order on fulfilment.unfillable (order_id);

create type fulfilment.shipment_state as enum ('asked', 'shipped', 'delivered', 'failed');

-- What leaves a location for a buyer at once, in one parcel or several. Written before the carrier is asked for its
-- label, so that whoever finds it can ask again.
create table fulfilment.shipment (
  id uuid primary key, -- made by the caller; the carrier knows it by this, so that asked again it sells no second label
  fulfilment_order_id uuid not null references fulfilment.fulfilment_order (id) on delete restrict,
  order_id uuid not null references orders.order (id) on delete restrict,
  location_id uuid not null references inventory.location (id) on delete restrict,
  carrier text not null,
  state fulfilment.shipment_state not null default 'asked',
  fault text not null default '', -- why the carrier would not
  actor_id uuid,
  asked_at timestamptz not null,
  shipped_at timestamptz,
  delivered_at timestamptz
);
-- A fulfilment order is never sent twice.
create unique index shipment_live on fulfilment.shipment (fulfilment_order_id) where state <> 'failed';
create index shipment_of_order on fulfilment.shipment (order_id);
create index shipment_asked on fulfilment.shipment (asked_at) where state = 'asked';
create index shipment_by_time on fulfilment.shipment (shipped_at) where shipped_at is not null;

create table fulfilment.parcel (
  shipment_id uuid references fulfilment.shipment (id) on delete restrict,
  position integer check (position > 0),
  weight_grams integer not null check (weight_grams > 0),
  length_mm integer check (length_mm > 0),
  width_mm integer check (width_mm > 0),
  height_mm integer check (height_mm > 0),
  tracking_number text, -- null until the carrier has given it
  tracking_url text,
  label_url text, -- where a carrier keeps its own label
  carrier_ref text, -- the carrier's own name for the parcel
  primary key (shipment_id, position)
);
create index parcel_by_tracking_number on fulfilment.parcel (tracking_number);

-- What carriers said of parcels, in whatever order they said it.
create type fulfilment.delivery_event_kind as enum (
  'in_transit', 'out_for_delivery', 'delivered', 'failed', 'returned'
);
create table fulfilment.delivery_event (
  carrier text,
  carrier_event_id text, -- told twice, it counts once
  shipment_id uuid not null,
  parcel_position integer not null,
  kind fulfilment.delivery_event_kind not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  detail text not null default '',
  primary key (carrier, carrier_event_id),
  foreign key (shipment_id, parcel_position) references fulfilment.parcel on delete restrict
);
create index delivery_event_of_parcel on fulfilment.delivery_event (shipment_id, parcel_position);
create trigger append_only before update or delete on fulfilment.delivery_event
  for each row execute function platform.forbid_change();

-- The mails to the buyer: one for each shipment. Claimed before it is sent, so that two workers do not both send it.
create table fulfilment.notice (
  shipment_id uuid primary key references fulfilment.shipment (id) on delete restrict,
  claimed_at timestamptz,
  sent_at timestamptz
);
