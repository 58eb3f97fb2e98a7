-- What a customer asks staff about.
create type satisfaction.matter as enum ('delivery', 'product', 'return', 'payment', 'order', 'other');

-- The ledger of cases: each time that a customer turned to staff about an order. A matter that comes up again within days was
-- not resolved the first time.
create table satisfaction.contact (
  id uuid primary key, -- made by the form, so that a retry is the same contact
  order_id uuid not null references orders.order (id) on delete restrict,
  customer_id uuid, -- as the order has it; a guest is known by the order
  matter satisfaction.matter not null,
  touchpoint platform.touchpoint not null, -- by which the customer came
  region_code text not null check (length(region_code) <= 20),
  noted_by text not null check (length(noted_by) between 1 and 80),
  occurred_at timestamptz not null,
  noted_at timestamptz not null default now()
);
create trigger append_only before update or delete on satisfaction.contact
  for each row execute function platform.forbid_change();
-- The ledger of what is done with: nothing is left to do, and the customer is asked how it went.
create table satisfaction.settlement (
  contact_id uuid primary key references satisfaction.contact (id) on delete restrict,
  settled_by text not null check (length(settled_by) between 1 and 80),
  settled_at timestamptz not null
);
create trigger append_only before update or delete on satisfaction.settlement
  for each row execute function platform.forbid_change();
create index contact_of_order on satisfaction.contact (order_id, occurred_at);
create index contact_by_time on satisfaction.contact (occurred_at);
