-- Goods that were taken in over a counter: at which register, by whom, and what was asked for, for a retry.
create table till.taken (
  request_id uuid primary key references orders.return_request (id) on delete restrict deferrable initially deferred,
  register_id uuid not null references till.register (id) on delete restrict,
  associate_id uuid not null,
  taken_at timestamptz not null,
  request_hash bytea not null, -- the same id with other content is refused
  cash_minor bigint check (cash_minor >= 0) -- out of the register's drawer; null only while it is being taken
);
