-- What was bought at once since a moment, for the statements of other modules: orders as numbers without a buyer. Orders
-- of more kinds of things than `most` say nothing of what goes together.
create function orders.bought_baskets(since timestamptz, most integer) returns table (basket_id uuid, product_id uuid)
language sql stable as $$
  select l.order_id, l.product_id
  from orders."order" as o join orders.order_line as l on l.order_id = o.id
  where o.placed_at >= since and l.product_id is not null
    and (select count(distinct other.product_id) from orders.order_line as other where other.order_id = o.id) between 2 and most
  group by l.order_id, l.product_id
$$;
