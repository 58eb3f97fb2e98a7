-- The member of staff who helped the buyer: at the till, or in a store before it was bought at home.
alter table orders.order add associate_id uuid references identity.member (id) on delete restrict;
comment on column orders.order.associate_id is 'personal';
-- Serves the erasure of an associate.
create index order_of_associate on orders.order (associate_id) where associate_id is not null;
