-- The same rows as a guest's purchase of two products leaves behind, written by one call: the limit that `npm run bench
-- purchase` measures against. It prices nothing, chooses no location, checks no total and asks nobody for the money.
create schema if not exists bench;
create or replace function bench.purchase(one integer, other integer) returns text language plpgsql as $$
declare
  now_at timestamptz := now();
  today date := (now() at time zone 'Europe/Amsterdam')::date;
  cart uuid := gen_random_uuid();
  ordered uuid := gen_random_uuid();
  attempt uuid := uuidv7();
  customer uuid := uuidv7();
  assigned uuid := uuidv7();
  happened uuid := uuidv7();
  variants uuid[] := array(select id from bench.variant where n in (one, other) order by id);
  at_location uuid := (select location_id from bench.place);
  line_ids uuid[] := array[uuidv7(), uuidv7(), uuidv7()];
  named text := 'ST-' || extract(year from today) || '-' || lpad(nextval('orders.order_number')::text, 6, '0');
  goods record;
begin
  insert into orders.cart (id, currency, ordered_at) values (cart, 'EUR', now_at);
  insert into orders.cart_line (cart_id, variant_id, quantity) select cart, id, 1 from unnest(variants) as id;

  insert into inventory.reservation (id, state, expires_at) values (attempt, 'allocated', now_at + interval '15 minutes');
  perform from inventory.stock_level where variant_id = any(variants) and location_id = at_location
    order by variant_id for update;
  update inventory.stock_level set allocated = allocated + 1
    where variant_id = any(variants) and location_id = at_location
      and on_hand - reserved - allocated - safety >= 1;
  if not found then raise exception 'not enough stock'; end if;
  insert into inventory.stock_movement (kind, cause_id, variant_id, location_id, on_hand_delta, reserved_delta, allocated_delta)
    select kind, attempt, id, at_location, 0, reserved, allocated
    from unnest(variants) as id,
      (values ('reserve'::inventory.movement_kind, 1, 0), ('allocate', -1, 1)) as moved (kind, reserved, allocated);

  insert into identity.customer (id) values (customer);
  insert into orders.order (id, number, customer_id, cart_id, state, touchpoint, currency, region_code, placed_at, business_day,
    delivery_code, promised_from, promised_to, reservation_id, goods_minor, postage_minor, other_minor, tax_minor,
    is_tax_included, total_minor)
  select ordered, named, customer, cart, 'paid', 'web', 'EUR', 'NL', now_at, today, 'standard', today + 2, today + 4, attempt,
    sum(amount_minor) - sum(amount_minor) * 21 / 121, 409, 0, sum(amount_minor) * 21 / 121 + 86, true, sum(amount_minor) + 495
  from catalog.offer where variant_id = any(variants) and currency = 'EUR' and market_code = 'world';
  insert into orders.order_line (id, order_id, position, kind, product_id, variant_id, title, options, quantity,
    unit_price_minor, discount_minor, tax_minor, tax_rate, net_minor, location_id)
  select line_ids[row_number() over ()], ordered, row_number() over (), 'goods'::orders.line_kind, p.id, v.id, p.title, 'Colour: Sage', 1,
    o.amount_minor, 0, o.amount_minor * 21 / 121, 0.21, o.amount_minor - o.amount_minor * 21 / 121, at_location
  from catalog.variant v join catalog.product p on p.id = v.product_id
  join catalog.offer o on o.variant_id = v.id and o.currency = 'EUR' and o.market_code = 'world'
  where v.id = any(variants)
  union all
  select line_ids[3], ordered, 3, 'postage', null, null, 'Standard', '', 1, 495, 0, 86, 0.21, 409, null;
  insert into orders.order_address (order_id, email, name, street, postcode, city, country_code)
    values (ordered, 'buyer@example.com', 'B. Uyer', 'Kade 1', '1013', 'Amsterdam', 'NL');

  insert into routing.assignment (id, order_id, location_id, rule_set_version, assigned_at, leaves_on, promised_from, promised_to, reasons)
    values (assigned, ordered, at_location, 1, now_at, today, today + 2, today + 4, jsonb_build_object('asked',
      jsonb_build_array(jsonb_build_object('locationId', at_location, 'score', 0, 'leavesOn', today, 'distanceKm', 30,
        'costMinor', 456, 'load', 0)), 'askedCount', 1, 'excluded', '{}'::jsonb));
  insert into routing.assignment_line (assignment_id, variant_id, quantity) select assigned, id, 1 from unnest(variants) as id;

  insert into payments.payment (id, order_id, attempt_id, provider, provider_ref, state, currency, amount_minor,
    authorized_minor, captured_minor, created_at)
  select attempt, ordered, attempt, 'test', 'test-' || attempt, 'captured', 'EUR', total_minor, total_minor, total_minor, now_at
  from orders.order where id = ordered;
  insert into payments.operation (id, payment_id, kind, amount_minor, state, asked_at, settled_at)
    select attempt, attempt, 'authorize', total_minor, 'done', now_at, now_at from orders.order where id = ordered;
  insert into payments.entry (payment_id, operation_id, kind, amount_minor, provider_ref, occurred_at)
    select attempt, attempt, kind, total_minor, 'test-' || attempt, now_at
    from orders.order, (values ('authorized'::payments.entry_kind), ('captured')) as said (kind) where id = ordered;
  insert into payments.test_payment (payment_id, state, amount_minor, currency, authorized_minor, captured_minor)
    select attempt, 'captured', total_minor, 'EUR', total_minor, total_minor from orders.order where id = ordered;

  insert into platform.event (id, name, payload)
  select happened, 'orders.order_placed.v1', json_build_object('orderId', ordered, 'number', named, 'customerId', customer,
    'touchpoint', 'web', 'regionCode', 'NL', 'currency', 'EUR', 'businessDay', today, 'occurredAt', now_at, 'source', 'stoa',
    'lines', json_agg(json_build_object('lineId', id, 'kind', kind, 'productId', product_id, 'variantId', variant_id,
      'quantity', quantity, 'grossMinor', net_minor, 'discountMinor', 0, 'netMinor', net_minor, 'taxMinor', tax_minor) order by position))
  from orders.order_line where order_id = ordered;
  insert into platform.due_event (event_id) values (happened);
  return named;
end $$;
