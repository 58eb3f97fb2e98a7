-- Serve the desk's list of orders: each filter and each thing that one can search by has an index of its own. Those
-- that end in the time give the newest first without sorting.
create index order_by_state on orders.order (state, placed_at desc, id desc);
create index order_by_touchpoint on orders.order (touchpoint, placed_at desc, id desc);
create index order_by_region on orders.order (region_code, placed_at desc, id desc);
create index order_by_total on orders.order (currency, total_minor);
-- People say the last digits of a number: read backwards, its end is a beginning.
create index order_by_number_end on orders.order (reverse(upper(number)) text_pattern_ops);
create index address_by_email on orders.order_address (lower(email));
create index address_by_name on orders.order_address using gin (to_tsvector('simple', name));
create index line_of_variant on orders.order_line (variant_id, order_id) where variant_id is not null;
