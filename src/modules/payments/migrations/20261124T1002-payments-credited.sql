-- What was captured and given back as store credit: the provider's books know nothing of it.
alter table payments.payment add credited_minor bigint not null default 0 check (credited_minor >= 0);
alter table payments.payment drop constraint refunded_at_most_captured;
alter table payments.payment add constraint refunded_at_most_captured
  check (refunded_minor + to_refund_minor + credited_minor <= captured_minor);
alter type payments.entry_kind add value 'credited';
