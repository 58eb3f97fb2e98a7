-- How goods get to their buyer: to the door, to a store where they are collected, or to the door today.
create type orders.delivery_kind as enum ('ship', 'pickup', 'same_day');
alter table orders.delivery_option add kind orders.delivery_kind not null default 'ship';
comment on column orders.delivery_option.transit_days_min is
  'of a parcel to the door; of a pickup, from the location that has the goods to the store';

-- Where the buyer collects the order; null: it goes to their door.
alter table orders.order add pickup_location_id uuid references inventory.location (id) on delete restrict;

-- False for what had left its location's books before, on its way to the store where it was collected.
alter table orders.shipped_line add left_books boolean not null default true;
