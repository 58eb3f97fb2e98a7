-- Who follows the ledger goes by committed transactions, as in platform.event: numbers are given before they are committed.
-- What was there before is of no transaction that still runs.
alter table inventory.stock_movement add column committed_by xid8 not null default '0';
alter table inventory.stock_movement alter column committed_by set default pg_current_xact_id();
create index stock_movement_by_commit on inventory.stock_movement (committed_by, id);
