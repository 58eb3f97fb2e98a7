-- Whose order it is, as service is asked by it. It is the order's own and never changes.
alter table fulfilment.fulfilment_order add column region_code text references market.region (code) on delete restrict;
alter table fulfilment.fulfilment_order add column touchpoint platform.touchpoint;
alter table fulfilment.fulfilment_order add column currency platform.currency;
update fulfilment.fulfilment_order part set (region_code, touchpoint, currency) =
  (select o.region_code, o.touchpoint, o.currency from orders.order o where o.id = part.order_id);
alter table fulfilment.fulfilment_order alter column region_code set not null;
alter table fulfilment.fulfilment_order alter column touchpoint set not null;
alter table fulfilment.fulfilment_order alter column currency set not null;

-- Units that the order let go while no location could give them. Of what waited before nobody noted it.
alter table fulfilment.unfillable add column let_go integer not null default 0 check (let_go between 0 and quantity);

-- What buyers found wrong with what reached them, by the reasons of returns that were due.
create type fulfilment.complaint_kind as enum ('damaged', 'wrong');
create table fulfilment.complaint (
  return_id uuid,
  order_line_id uuid references orders.order_line (id) on delete restrict,
  order_id uuid not null references orders.order (id) on delete restrict,
  kind fulfilment.complaint_kind not null, -- wrong: not what the papers of the parcel say
  noted_at timestamptz not null,
  primary key (return_id, order_line_id) -- heard of twice, it is there once
);
create index complaint_of_order_line on fulfilment.complaint (order_line_id);
create trigger append_only before update or delete on fulfilment.complaint
  for each row execute function platform.forbid_change();
insert into fulfilment.complaint (return_id, order_line_id, order_id, kind, noted_at)
  select back.id, line.order_line_id, back.order_id,
    (case when bool_or(line.reason = 'damaged_on_arrival') then 'damaged' else 'wrong' end)::fulfilment.complaint_kind,
    back.returned_at
  from orders.return back join orders.return_line line on line.return_id = back.id
  where line.reason in ('damaged_on_arrival', 'wrong_item', 'not_as_described')
    and line.order_line_id is not null and back.order_id is not null
  group by back.id, line.order_line_id;

-- A part as it now is: what service is measured by.
create view fulfilment.service_now as
  select part.id as fulfilment_order_id, part.order_id, part.location_id, part.region_code, part.touchpoint,
    part.currency, part.state, part.is_first,
    -- What was let go while it waited for goods was never its location's to send.
    not (part.state = 'cancelled' and part.waits_in is not null and part.accepted_at is null) as is_counted,
    coalesce((select min(placed_at) from fulfilment.fulfilment_order first
      where first.order_id = part.order_id and first.is_first), part.placed_at) as order_at,
    part.assigned_at, part.first_promised_to, part.promised_to,
    -- A store has done its part when it lies ready, whenever its buyer comes.
    coalesce(part.ready_at, part.shipped_at) as gone_at, coalesce(part.ready_at, part.delivered_at) as done_at,
    coalesce(found.is_damaged, false) as is_damaged, coalesce(found.is_wrong, false) as is_wrong,
    waiting.units as waiting_units, waiting.let_go as short_units, line.lines
  from fulfilment.fulfilment_order part
  cross join lateral (
    select jsonb_agg(jsonb_build_object('orderLineId', order_line_id, 'variantId', variant_id, 'quantity', quantity,
        'rejected', rejected, 'cancelled', cancelled, 'remaining', remaining) order by order_line_id) as lines
    from fulfilment.fulfilment_order_line where fulfilment_order_id = part.id
  ) line
  cross join lateral (
    select bool_or(kind = 'damaged') as is_damaged, bool_or(kind = 'wrong') as is_wrong
    from fulfilment.complaint join fulfilment.fulfilment_order_line using (order_line_id)
    where fulfilment_order_id = part.id and remaining > 0
  ) found
  cross join lateral (
    select coalesce(sum(quantity) filter (where resolved_at is null), 0)::integer as units,
      coalesce(sum(let_go), 0)::integer as let_go
    from fulfilment.unfillable where order_id = part.order_id
  ) waiting
  where line.lines is not null;

-- The ledger of it: how each part was when a transaction that touched it ended. The one with the highest number holds.
create table fulfilment.service_entry (
  id bigint generated always as identity primary key,
  committed_by xid8 not null default pg_current_xact_id(),
  written_at timestamptz not null default clock_timestamp(),
  fulfilment_order_id uuid not null references fulfilment.fulfilment_order (id) on delete restrict,
  order_id uuid not null,
  location_id uuid not null,
  region_code text not null,
  touchpoint platform.touchpoint not null,
  currency platform.currency not null,
  state fulfilment.order_state not null,
  is_first boolean not null,
  is_counted boolean not null,
  order_at timestamptz not null, -- when all of the order was first to be sent
  assigned_at timestamptz not null,
  first_promised_to date not null,
  promised_to date not null,
  gone_at timestamptz,
  done_at timestamptz,
  is_damaged boolean not null,
  is_wrong boolean not null,
  waiting_units integer not null, -- of the whole order: nobody can give them
  short_units integer not null, -- of the whole order: let go while nobody could
  lines jsonb not null,
  unique (fulfilment_order_id, committed_by)
);
create index service_entry_by_commit on fulfilment.service_entry (committed_by, id);
create trigger append_only before update or delete on fulfilment.service_entry
  for each row execute function platform.forbid_change();

insert into fulfilment.service_entry (committed_by, fulfilment_order_id, order_id, location_id, region_code, touchpoint,
    currency, state, is_first, is_counted, order_at, assigned_at, first_promised_to, promised_to, gone_at, done_at,
    is_damaged, is_wrong, waiting_units, short_units, lines)
  select '0', now.* from fulfilment.service_now now order by assigned_at, fulfilment_order_id;

-- Called where a transaction ends, so that it writes a part once, as it leaves it. Of two transactions that touch one
-- order the second waits here for the first, and sees what it did: numbers are in the order of what they tell.
create function fulfilment.note_service() returns trigger language plpgsql as $$
declare
  of_order uuid;
  of_part uuid; -- null: all parts of the order
begin
  case tg_table_name
    when 'fulfilment_order' then
      of_part := new.id;
      of_order := new.order_id;
    when 'fulfilment_order_line' then
      of_part := new.fulfilment_order_id;
      select order_id into of_order from fulfilment.fulfilment_order where id = of_part;
    else
      of_order := new.order_id;
  end case;
  if of_part is not null and exists (select from fulfilment.service_entry
      where fulfilment_order_id = of_part and committed_by = pg_current_xact_id()) then
    return null;
  end if;
  -- Some hundreds of locks for all orders: a transaction that moves many of them must not fill the server's table of locks.
  perform pg_advisory_xact_lock(hashtext('fulfilment.service_entry'), abs(hashtext(of_order::text) % 1024));
  insert into fulfilment.service_entry (fulfilment_order_id, order_id, location_id, region_code, touchpoint,
      currency, state, is_first, is_counted, order_at, assigned_at, first_promised_to, promised_to, gone_at, done_at,
      is_damaged, is_wrong, waiting_units, short_units, lines)
    select now.* from fulfilment.service_now now
    where now.order_id = of_order and (of_part is null or now.fulfilment_order_id = of_part)
    order by now.fulfilment_order_id
    on conflict (fulfilment_order_id, committed_by) do nothing;
  return null;
end $$;
create constraint trigger note_service after insert or update on fulfilment.fulfilment_order
  deferrable initially deferred for each row execute function fulfilment.note_service();
create constraint trigger note_service after insert or update on fulfilment.fulfilment_order_line
  deferrable initially deferred for each row execute function fulfilment.note_service();
create constraint trigger note_service after insert or update on fulfilment.unfillable
  deferrable initially deferred for each row execute function fulfilment.note_service();
create constraint trigger note_service after insert on fulfilment.complaint
  deferrable initially deferred for each row execute function fulfilment.note_service();
