-- Goods that come back may pay for another order: which taken money it is that pays there, payment by payment. Its
-- order's `credited_minor` counts it; what the other order gives back leaves it again, and is refunded here.
create table payments.goods_value (
  payment_id uuid not null references payments.payment (id) on delete restrict, -- of the provider `exchange`
  from_payment_id uuid not null references payments.payment (id) on delete restrict,
  amount_minor bigint not null check (amount_minor > 0),
  returned_minor bigint not null default 0 check (returned_minor between 0 and amount_minor),
  primary key (payment_id, from_payment_id)
);
create index goods_value_of_source on payments.goods_value (from_payment_id);
alter type payments.entry_kind add value 'uncredited';
-- The value of goods pays beside a card; what is paid elsewhere may be paid there in several parts.
drop index payments.payment_live;
create unique index payment_live on payments.payment (order_id, coalesce(account_id, order_id), (provider = 'exchange'))
  where state in ('pending', 'authorized', 'captured') and provider not in ('cash', 'external');
