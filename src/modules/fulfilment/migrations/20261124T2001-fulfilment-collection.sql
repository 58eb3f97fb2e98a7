alter type fulfilment.order_state add value 'ready';
alter type fulfilment.order_state add value 'collected';
alter type fulfilment.order_state add value 'not_collected';

-- Where the buyer collects it. Another location than the one that gives it: it is sent there first.
alter table fulfilment.fulfilment_order
  add pickup_location_id uuid references inventory.location (id) on delete restrict;
alter table fulfilment.fulfilment_order add ready_at timestamptz;
alter table fulfilment.fulfilment_order add collect_by timestamptz; -- then it goes back to the shelf
create index fulfilment_order_to_collect on fulfilment.fulfilment_order (pickup_location_id, state, ready_at)
  where pickup_location_id is not null;

-- Units sent to the store where they are collected: on nobody's books, as they are the buyer's.
alter table fulfilment.fulfilment_order_line add moved integer not null default 0 check (moved >= 0);

-- Wrong codes at the counter: after some, no more are taken for a while.
create table fulfilment.collection_attempt (
  id bigint generated always as identity primary key,
  fulfilment_order_id uuid not null references fulfilment.fulfilment_order (id) on delete restrict,
  tried_at timestamptz not null
);
create index collection_attempt_of on fulfilment.collection_attempt (fulfilment_order_id, tried_at);

-- The mail that says what can be collected: one for each order.
create table fulfilment.ready_notice (
  order_id uuid primary key references orders.order (id) on delete restrict,
  claimed_at timestamptz,
  sent_at timestamptz
);
