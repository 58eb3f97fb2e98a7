-- Of what was taken at a till or elsewhere there may be several for one order: notes and a card, or two cards.
drop index payments.payment_live;
create unique index payment_live on payments.payment (order_id, coalesce(account_id, order_id))
  where state in ('pending', 'authorized', 'captured') and provider not in ('cash', 'external');
