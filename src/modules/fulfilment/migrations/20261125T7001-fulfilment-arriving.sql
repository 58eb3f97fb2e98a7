-- What is on its way to a store to be collected there: few at any time, whatever was collected before.
create index fulfilment_order_arriving on fulfilment.fulfilment_order (pickup_location_id, shipped_at, id)
  where pickup_location_id is not null and state = 'shipped';
