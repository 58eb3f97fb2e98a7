-- News of goods asks who waits for them, whoever else waits for others.
create index unfillable_open_of_variant on fulfilment.unfillable (variant_id, since, id) where resolved_at is null;
