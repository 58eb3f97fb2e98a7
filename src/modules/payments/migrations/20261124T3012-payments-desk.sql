-- Serve a search by what a provider calls a payment or an operation.
create index payment_by_ref on payments.payment (provider_ref) where provider_ref is not null;
create index entry_by_ref on payments.entry (provider_ref) where provider_ref is not null;
-- Where money may be outstanding: something was not taken yet, or went back. The rest is paid in full.
create index payment_unlike_asked on payments.payment (order_id)
  where state in ('authorized', 'captured') and captured_minor - refunded_minor <> amount_minor;
