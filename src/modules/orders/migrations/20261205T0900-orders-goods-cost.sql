-- What the goods of an order cost whoever sold them, line by line, as it became known. Sent units are positive with what
-- they cost on average where they left; units that came back for sale take the cost off again; of these, what is spoilt.
create type orders.goods_cost_kind as enum ('sent', 'back', 'spoilt');
create table orders.goods_cost_entry (
  id bigint generated always as identity,
  committed_by xid8 not null default pg_current_xact_id(),
  written_at timestamptz not null default clock_timestamp(),
  kind orders.goods_cost_kind not null,
  document_id uuid not null, -- the shipment, the collection, the return that is looked at, what an import says it was
  order_id uuid not null references orders.order (id) on delete restrict,
  order_line_id uuid not null references orders.order_line (id) on delete restrict,
  location_id uuid, -- null where an import does not say
  units integer not null check (case kind when 'back' then units < 0 else units > 0 end),
  -- In the marketplace's currency. Zero: nobody knows.
  value_minor bigint not null check (case kind when 'back' then value_minor <= 0 else value_minor >= 0 end),
  at timestamptz not null,
  primary key (document_id, order_line_id, kind)
);
create unique index goods_cost_entry_by_commit on orders.goods_cost_entry (committed_by, id);
create index goods_cost_entry_of_line on orders.goods_cost_entry (order_line_id);
create trigger append_only before update or delete on orders.goods_cost_entry
  for each row execute function platform.forbid_change();

-- Of what moved before: by what explains each movement, shared out over its lines so that nothing is lost.
with of_line as (
  select 'sent' as kind, 'ship' as moved_as, shipment_id as document_id, order_line_id, location_id,
    quantity from orders.shipped_line where left_books
  union all
  select 'back', 'return_in', request_id, order_line_id, request.location_id, sum(quantity)::integer
    from orders.return_inspection join orders.return_request request on request.id = request_id
    where outcome in ('restock', 'damage') group by 1, 2, 3, 4, 5
  union all
  select 'spoilt', 'damage', request_id, order_line_id, request.location_id, quantity
    from orders.return_inspection join orders.return_request request on request.id = request_id
    where outcome = 'damage'
), moved as (
  select kind::text as moved_as, cause_id as document_id, variant_id, location_id, min(moved_at) as at,
    abs(sum(value_delta_minor)) as value_minor
  from inventory.stock_movement where kind in ('ship', 'return_in', 'damage') group by 1, 2, 3, 4
), shared as (
  select of_line.*, line.order_id, moved.at, moved.value_minor as whole, sum(of_line.quantity) over same as units_all,
    sum(of_line.quantity) over (same order by order_line_id) as units_to
  from of_line join orders.order_line line on line.id = order_line_id
  join moved on moved.moved_as = of_line.moved_as and moved.document_id = of_line.document_id
    and moved.location_id = of_line.location_id and moved.variant_id = line.variant_id
  window same as (partition by of_line.moved_as, of_line.document_id, of_line.location_id, line.variant_id)
), costed as (
  select *, div(whole * units_to, units_all) - div(whole * (units_to - quantity), units_all) as value from shared
)
insert into orders.goods_cost_entry (committed_by, kind, document_id, order_id, order_line_id, location_id, units,
    value_minor, at)
  select '0', kind::orders.goods_cost_kind, document_id, order_id, order_line_id, location_id,
    case kind when 'back' then -quantity else quantity end, case kind when 'back' then -value else value end, at
  from costed order by at, document_id, order_line_id;
