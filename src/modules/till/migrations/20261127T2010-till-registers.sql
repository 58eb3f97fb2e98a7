-- What the drawer was opened with, by the piece, where that was told: as its closing count.
alter table till.shift add column float_counts jsonb;
-- For the last that were settled in a store.
create index stock_conflict_settled on till.stock_conflict (location_id, settled_at desc) where settled_at is not null;
