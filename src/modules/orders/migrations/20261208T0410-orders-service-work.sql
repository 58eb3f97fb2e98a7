-- The minutes of staff who answer customers, as an order's contacts come.
alter type orders.serve_cost_kind add value 'service_work';
