-- Where a receipt goes that was asked for at a counter, until it is sent: such an order has no address.
alter table orders.receipt
  add column email text check (length(email) between 3 and 254),
  add constraint forgotten_once_sent check (sent_at is null or email is null);
comment on column orders.receipt.email is 'personal';
