-- Serve the orders that are not on time: what came too late, and what is still to come by its day.
create index fulfilment_order_late on fulfilment.fulfilment_order (order_id)
  where delivered_at is not null and (delivered_at at time zone 'UTC')::date > first_promised_to;
create index fulfilment_order_to_come on fulfilment.fulfilment_order (first_promised_to, order_id)
  where state in ('assigned', 'accepted', 'picked', 'packed', 'shipped');
