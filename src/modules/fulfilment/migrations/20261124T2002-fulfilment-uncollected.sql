-- Serves the job that takes back what nobody collected. In a file of its own, as a new state is not used where it is made.
create index fulfilment_order_uncollected on fulfilment.fulfilment_order (collect_by) where state = 'ready';
