-- What happens to questions is told on in the order of transactions. The three ledgers share one series of numbers, so
-- that whoever follows them is at one place in all.
create sequence satisfaction.told_number;
alter table satisfaction.question
  add column told_number bigint not null default nextval('satisfaction.told_number'),
  add column committed_by xid8 not null default pg_current_xact_id();
alter table satisfaction.asked
  add column told_number bigint not null default nextval('satisfaction.told_number'),
  add column committed_by xid8 not null default pg_current_xact_id();
alter table satisfaction.answer
  add column told_number bigint not null default nextval('satisfaction.told_number'),
  add column committed_by xid8 not null default pg_current_xact_id();
create unique index question_told on satisfaction.question (committed_by, told_number);
create unique index asked_told on satisfaction.asked (committed_by, told_number);
create unique index answer_told on satisfaction.answer (committed_by, told_number);
