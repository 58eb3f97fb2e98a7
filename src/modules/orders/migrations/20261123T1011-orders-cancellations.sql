alter type orders.order_state add value 'partly_cancelled';

-- Units of an order that its buyer or staff let go before they were sent: append-only.
create table orders.cancellation (
  id uuid primary key, -- made by the caller, so that a retry is the same one
  order_id uuid not null references orders.order (id) on delete restrict,
  reason text not null,
  actor text not null,
  total_minor bigint not null check (total_minor >= 0), -- what the buyer gets back, or need not pay
  cancelled_at timestamptz not null
);
create index cancellation_of_order on orders.cancellation (order_id);
create trigger append_only before update or delete on orders.cancellation
  for each row execute function platform.forbid_change();

create table orders.cancellation_line (
  id uuid primary key,
  cancellation_id uuid not null references orders.cancellation (id) on delete restrict,
  order_line_id uuid not null references orders.order_line (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  net_minor bigint not null, -- without tax
  tax_minor bigint not null,
  unique (cancellation_id, order_line_id)
);
create index cancellation_line_of_line on orders.cancellation_line (order_line_id);
create trigger append_only before update or delete on orders.cancellation_line
  for each row execute function platform.forbid_change();

-- Where the cancelled units would have come from: they are free there again.
create table orders.cancelled_stock (
  cancellation_id uuid not null references orders.cancellation (id) on delete restrict,
  variant_id uuid not null,
  location_id uuid not null references inventory.location (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  primary key (cancellation_id, variant_id, location_id)
);

-- What has left, as fulfilment told: it is not cancelled any more, and its money is due.
create table orders.shipped_line (
  shipment_id uuid not null,
  order_line_id uuid not null references orders.order_line (id) on delete restrict,
  location_id uuid not null references inventory.location (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  primary key (shipment_id, order_line_id, location_id)
);
create index shipped_line_of_line on orders.shipped_line (order_line_id);

-- The retailer's clock, by which business days begin and end: written at each start.
create table orders.calendar (
  singleton boolean primary key default true check (singleton),
  time_zone text not null
);
insert into orders.calendar (time_zone) values ('Europe/Amsterdam');

-- The mail about a cancellation, and when it was sent.
create table orders.cancellation_mail (
  cancellation_id uuid primary key references orders.cancellation (id) on delete restrict,
  sent_at timestamptz
);
