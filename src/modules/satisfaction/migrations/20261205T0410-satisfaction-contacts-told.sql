-- Contacts are told on in the order of transactions, in one series with what happens to questions.
alter table satisfaction.contact
  add column told_number bigint not null default nextval('satisfaction.told_number'),
  add column committed_by xid8 not null default pg_current_xact_id();
create unique index contact_told on satisfaction.contact (committed_by, told_number);
-- What belongs to one matter: the same customer, about the same thing, within days.
create index contact_of_matter on satisfaction.contact ((coalesce(customer_id, order_id, id)), matter, occurred_at);
