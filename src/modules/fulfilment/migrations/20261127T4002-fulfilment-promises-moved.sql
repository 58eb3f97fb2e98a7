-- Each new day that a part which waits for goods was promised for. What was promised first stays on the part and on the
-- order: service is measured against that.
create table fulfilment.promise_move (
  fulfilment_order_id uuid references fulfilment.fulfilment_order (id) on delete restrict,
  cause_id uuid, -- the change of a purchase's date
  order_id uuid not null references orders.order (id) on delete restrict,
  goods_on date not null,
  promised_from date not null,
  promised_to date not null check (promised_to >= promised_from),
  reason text not null,
  moved_at timestamptz not null,
  primary key (fulfilment_order_id, cause_id) -- heard of twice, it moves once
);
create index promise_move_of_order on fulfilment.promise_move (order_id, moved_at);
create trigger append_only before update or delete on fulfilment.promise_move
  for each row execute function platform.forbid_change();

-- The mail about it: one for each order and cause. Claimed before it is sent, so that two workers do not both send it.
create table fulfilment.promise_notice (
  order_id uuid references orders.order (id) on delete restrict,
  cause_id uuid,
  claimed_at timestamptz,
  sent_at timestamptz,
  primary key (order_id, cause_id)
);
