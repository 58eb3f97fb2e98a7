-- What was shipped of late is looked through every night, by all variants and places: not the whole ledger for it.
create index stock_movement_shipped on inventory.stock_movement (moved_at) where kind = 'ship';
