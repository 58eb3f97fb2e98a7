-- A receipt that staff had sent once more. The first one stays noted in orders.receipt.
create table orders.receipt_again (
  id uuid primary key, -- made by the caller, so that a retry is the same mail
  order_id uuid not null references orders.order (id) on delete restrict,
  actor text not null,
  asked_at timestamptz not null,
  sent_at timestamptz
);
create index receipt_again_of_order on orders.receipt_again (order_id);
