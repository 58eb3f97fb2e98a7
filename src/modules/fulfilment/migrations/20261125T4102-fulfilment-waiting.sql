alter type fulfilment.order_state add value 'waiting';

-- Of a part whose goods were still to come when it was ordered: the reservation in which it waits, and until when.
alter table fulfilment.fulfilment_order add waits_in uuid;
alter table fulfilment.fulfilment_order add goods_on date;
create index fulfilment_order_waits_in on fulfilment.fulfilment_order (waits_in) where waits_in is not null;
