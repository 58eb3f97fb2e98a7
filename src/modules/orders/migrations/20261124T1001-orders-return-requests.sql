create type orders.return_kind as enum ('return', 'claim');
create type orders.return_state as enum
  ('requested', 'approved', 'refused', 'received', 'inspected', 'closed', 'cancelled');
create type orders.return_reason as enum
  ('does_not_fit', 'not_as_described', 'damaged_on_arrival', 'wrong_item', 'changed_mind', 'late', 'other');
create type orders.refund_means as enum ('original', 'store_credit');
create type orders.inspection_outcome as enum ('restock', 'damage', 'refuse');

-- Units that a buyer wants to give back, or that never reached them whole (a claim). No money and no stock is in it:
-- those follow from what happened.
create table orders.return_request (
  id uuid primary key, -- made by the caller, so that a retry is the same one
  order_id uuid not null references orders.order (id) on delete restrict,
  kind orders.return_kind not null,
  state orders.return_state not null,
  touchpoint platform.touchpoint not null,
  refund_to orders.refund_means not null,
  note text not null default '' check (length(note) <= 1000), -- the buyer's words
  answer text not null default '' check (length(answer) <= 1000), -- ours to the buyer
  carrier text not null default '' check (length(carrier) <= 60), -- of a claim: who lost or broke it
  location_id uuid references inventory.location (id) on delete restrict, -- where it was received
  fee_minor bigint not null default 0 check (fee_minor >= 0), -- kept of the refund
  return_id uuid references orders.return (id) on delete restrict, -- set when money was due
  due_on date, -- by when it must have come, where the money went back first
  requested_at timestamptz not null,
  moved_at timestamptz not null
);
comment on column orders.return_request.note is 'personal';
comment on column orders.return_request.answer is 'personal';
create index return_request_of_order on orders.return_request (order_id, requested_at);
create index return_request_queue on orders.return_request (state, requested_at, id);

create table orders.return_request_line (
  request_id uuid not null references orders.return_request (id) on delete restrict,
  order_line_id uuid not null references orders.order_line (id) on delete restrict,
  quantity integer not null check (quantity > 0),
  reason orders.return_reason not null,
  primary key (request_id, order_line_id)
);
create index return_request_line_of_line on orders.return_request_line (order_line_id);
create trigger append_only before update or delete on orders.return_request_line
  for each row execute function platform.forbid_change();

-- What happened to a request, and who did it. Nobody's words are here, so nothing has to be erased.
create table orders.return_step (
  id uuid primary key, -- made by the caller
  request_id uuid not null references orders.return_request (id) on delete restrict,
  position integer not null,
  state orders.return_state not null,
  actor text not null,
  taken_at timestamptz not null,
  unique (request_id, position)
);
create trigger append_only before update or delete on orders.return_step
  for each row execute function platform.forbid_change();

-- What became of the units that came.
create table orders.return_inspection (
  request_id uuid not null references orders.return_request (id) on delete restrict,
  order_line_id uuid not null references orders.order_line (id) on delete restrict,
  outcome orders.inspection_outcome not null,
  quantity integer not null check (quantity > 0),
  primary key (request_id, order_line_id, outcome)
);
create index return_inspection_of_line on orders.return_inspection (order_line_id);
create trigger append_only before update or delete on orders.return_inspection
  for each row execute function platform.forbid_change();

alter table orders.return_line add tax_minor bigint not null default 0;
comment on column orders.return_line.amount_minor is 'money back for the line, without tax: positive; a fee that is kept is negative';
create index return_line_of_line on orders.return_line (order_line_id) where order_line_id is not null;

-- When goods left and when they came: what a buyer may give back until when is counted from it.
alter table orders.shipped_line add shipped_at timestamptz not null default now();
alter table orders.shipped_line add delivered_at timestamptz;

-- What a return costs its buyer, and for whom money goes back before the goods have come; by currency.
create table orders.return_rule (
  currency platform.currency primary key,
  fee_minor bigint not null default 0 check (fee_minor >= 0), -- none where the reason is the seller's fault
  early_up_to_minor bigint check (early_up_to_minor > 0), -- null: never before the goods have come
  early_orders_min integer not null default 1 check (early_orders_min between 1 and 1000),
  arrives_within_days integer not null default 14 check (arrives_within_days between 1 and 365)
);

-- The mails about a request, and when each was sent.
create table orders.return_mail (
  request_id uuid not null references orders.return_request (id) on delete restrict,
  about text not null check (about in ('requested', 'approved', 'refused', 'refunded')),
  sent_at timestamptz,
  primary key (request_id, about)
);
