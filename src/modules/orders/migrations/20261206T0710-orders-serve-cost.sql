-- Whether what came back was sent: then somebody paid for its label.
alter table orders.return_request add by_parcel boolean not null default false;

-- What serving an order cost, as it became known, part by part. An order's cost is the sum of its entries: what was wrong is
-- put right by an entry more.
create type orders.serve_cost_kind as enum ('work', 'label', 'packaging', 'payment_fee', 'return_work', 'return_label',
  'refund_fee');
create table orders.serve_cost_entry (
  id bigint generated always as identity,
  committed_by xid8 not null default pg_current_xact_id(),
  written_at timestamptz not null default clock_timestamp(),
  kind orders.serve_cost_kind not null,
  cause_id uuid not null, -- the event of the shipment or return, the entry in the ledger of fees
  order_id uuid not null references orders.order (id) on delete restrict,
  location_id uuid, -- that served; null of what no location did
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor <> 0), -- negative: a fee that was given back
  at timestamptz not null,
  primary key (cause_id, kind)
);
create unique index serve_cost_entry_by_commit on orders.serve_cost_entry (committed_by, id);
create index serve_cost_entry_of_order on orders.serve_cost_entry (order_id);
create trigger append_only before update or delete on orders.serve_cost_entry
  for each row execute function platform.forbid_change();

-- What locations were credited before for serving has no parts: all of it stands as work.
insert into orders.serve_cost_entry (committed_by, kind, cause_id, order_id, location_id, currency, amount_minor, at)
  select '0', 'work', event_id, sale_id, location_id, currency, sum(amount_minor), min(business_day)::timestamp at time zone 'UTC'
  from market.sale_credit where kind = 'fulfilment' and exists (select from orders.order where id = sale_id)
  group by event_id, sale_id, location_id, currency having sum(amount_minor) <> 0
  order by min(id);
