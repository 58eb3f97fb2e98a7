-- Goods wanted in place of those that come back: the order that was made with the return, or for a claim.
create table orders.exchange (
  request_id uuid primary key references orders.return_request (id) on delete restrict,
  order_id uuid not null unique references orders.order (id) on delete restrict,
  value_minor bigint not null check (value_minor >= 0), -- of the new order, what the goods are to pay
  released_at timestamptz, -- from then on it is sent; until then it keeps its stock
  waited_days integer not null default 0 check (waited_days >= 0) -- by so many its promise moved with the release
);

-- For whom what is wanted in exchange is sent before the goods have come; by currency.
alter table orders.return_rule
  add exchange_up_to_minor bigint check (exchange_up_to_minor > 0), -- null: never before the goods have come
  add exchange_orders_min integer not null default 1 check (exchange_orders_min between 1 and 1000);

-- The mail that a worker is sending: another waits until it is sent, or was given up.
alter table orders.cancellation_mail add claimed_at timestamptz;
