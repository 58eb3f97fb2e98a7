-- Serves the orders that are not on time: what waits for goods past its day. In a file of its own, as a new state is not
-- used where it is made.
create index fulfilment_order_waiting on fulfilment.fulfilment_order (first_promised_to, order_id)
  where state = 'waiting';
