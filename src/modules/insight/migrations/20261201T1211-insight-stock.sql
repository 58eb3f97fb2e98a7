-- The stock ledger is followed too, by the transaction and the number of each movement.
alter table insight.follower
  add column number bigint not null default 0,
  add column batch_number bigint;
insert into insight.follower (name) values ('stock_entry');
