create schema payments;
create type payments.payment_state as enum ('pending', 'authorized', 'captured', 'failed', 'cancelled');
create type payments.operation_kind as enum ('authorize', 'capture', 'void', 'refund', 'cancel');
create type payments.operation_state as enum ('pending', 'done', 'refused');
create type payments.entry_kind as enum ('authorized', 'captured', 'voided', 'refunded', 'failed');
create type payments.account_kind as enum ('gift_card', 'store_credit');
create type payments.account_entry_kind as enum ('issued', 'granted', 'held', 'returned', 'refunded');

-- Money that we owe: a gift card's to whoever knows its code, a customer's store credit to the customer.
create table payments.account (
  id uuid primary key,
  kind payments.account_kind not null,
  currency platform.currency not null,
  balance_minor bigint not null default 0 check (balance_minor >= 0),
  code_hash text unique, -- of a gift card; the code itself is shown once and kept nowhere
  code_end text, -- its last four characters, by which people tell cards apart
  customer_id uuid references identity.customer (id) on delete restrict,
  expires_at timestamptz,
  created_at timestamptz not null,
  check ((kind = 'gift_card') = (code_hash is not null)),
  check ((kind = 'store_credit') = (customer_id is not null))
);
create unique index account_of_customer on payments.account (customer_id, currency) where customer_id is not null;
create index account_by_time on payments.account (created_at desc, id desc);

-- The ledger of these accounts; `account.balance_minor` is its running sum.
create table payments.account_entry (
  id bigint generated always as identity primary key,
  account_id uuid not null references payments.account (id) on delete restrict,
  kind payments.account_entry_kind not null,
  cause_id uuid not null, -- the issue, the grant, the payment or the operation
  amount_minor bigint not null check (amount_minor <> 0),
  reason text not null default '',
  actor text not null default 'system',
  occurred_at timestamptz not null,
  unique (cause_id, kind)
);
create index account_entry_of_account on payments.account_entry (account_id, id);
create trigger append_only before update or delete on payments.account_entry
  for each row execute function platform.forbid_change();

-- One means of payment of an order. Written before a provider is asked, hence before the order stands: so
-- `order_id` is no foreign key.
create table payments.payment (
  id uuid primary key, -- the provider knows it by this, so that asking twice takes the money once
  order_id uuid not null,
  attempt_id uuid not null, -- the try at placing the order that it belongs to
  provider text not null,
  account_id uuid references payments.account (id) on delete restrict,
  provider_ref text,
  state payments.payment_state not null,
  currency platform.currency not null,
  amount_minor bigint not null check (amount_minor >= 0),
  authorized_minor bigint not null default 0,
  captured_minor bigint not null default 0,
  voided_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  -- Asked for and not yet answered: so two who ask at once never get more than there is.
  to_capture_minor bigint not null default 0 check (to_capture_minor >= 0),
  to_void_minor bigint not null default 0 check (to_void_minor >= 0),
  to_refund_minor bigint not null default 0 check (to_refund_minor >= 0),
  created_at timestamptz not null,
  unique (provider, provider_ref),
  check ((provider in ('gift_card', 'store_credit')) = (account_id is not null)),
  constraint authorized_at_most_asked check (authorized_minor between 0 and amount_minor),
  constraint captured_at_most_authorized
    check (captured_minor + to_capture_minor + voided_minor + to_void_minor <= authorized_minor),
  constraint refunded_at_most_captured check (refunded_minor + to_refund_minor <= captured_minor)
);
create index payment_of_order on payments.payment (order_id);
create index payment_of_attempt on payments.payment (attempt_id);
-- An order is never paid for twice by the same means.
create unique index payment_live on payments.payment (order_id, coalesce(account_id, order_id))
  where state in ('pending', 'authorized', 'captured');

-- What became of the money: append-only. `payment` keeps its sums.
create table payments.entry (
  id bigint generated always as identity primary key,
  payment_id uuid not null references payments.payment (id) on delete restrict,
  operation_id uuid not null,
  kind payments.entry_kind not null,
  amount_minor bigint not null check (amount_minor >= 0),
  provider_ref text,
  reason text not null default '',
  occurred_at timestamptz not null,
  unique (operation_id, kind)
);
create index entry_of_payment on payments.entry (payment_id, id);
create trigger append_only before update or delete on payments.entry
  for each row execute function platform.forbid_change();

-- What a provider is asked to do. Written first; the provider is asked outside any transaction and knows it by `id`.
create table payments.operation (
  id uuid primary key,
  payment_id uuid not null references payments.payment (id) on delete restrict,
  kind payments.operation_kind not null,
  amount_minor bigint not null check (amount_minor >= 0),
  state payments.operation_state not null,
  asked_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'pending') = (settled_at is null))
);
create index operation_of_payment on payments.operation (payment_id);
-- Serves the job that finishes what was interrupted.
create index operation_pending on payments.operation (asked_at) where state = 'pending';

-- What the buyer of an order needs not pay any more, or gets back: for cancelled or returned units, or as goodwill.
create table payments.reduction (
  id uuid primary key, -- made by the caller, so that a retry is the same one
  order_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null,
  actor text not null,
  occurred_at timestamptz not null
);
create index reduction_of_order on payments.reduction (order_id);
create trigger append_only before update or delete on payments.reduction
  for each row execute function platform.forbid_change();

-- Which of a provider's messages were taken: each counts once.
create table payments.webhook_event (
  provider text not null,
  event_id text not null,
  received_at timestamptz not null,
  primary key (provider, event_id)
);

-- The books of the provider `test`, which a real provider keeps on its own machines. Only its adapter reads
-- them, and never in a transaction of ours.
create table payments.test_payment (
  payment_id uuid primary key,
  state payments.payment_state not null,
  captures_at_once boolean not null default true,
  reason text not null default '',
  currency platform.currency not null,
  amount_minor bigint not null,
  authorized_minor bigint not null default 0,
  captured_minor bigint not null default 0,
  voided_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  check (captured_minor + voided_minor <= authorized_minor and refunded_minor <= captured_minor)
);
create table payments.test_operation (
  operation_id uuid primary key,
  payment_id uuid not null,
  kind payments.operation_kind not null,
  amount_minor bigint not null
);

-- What the orders kept until now.
insert into payments.payment (id, order_id, attempt_id, provider, provider_ref, state, currency, amount_minor,
  authorized_minor, captured_minor, created_at)
select id, order_id, id, provider, provider_ref, state::text::payments.payment_state, currency, amount_minor,
  case when state in ('authorized', 'captured') then amount_minor else 0 end,
  case when state = 'captured' then amount_minor else 0 end, created_at
from orders.payment;
insert into payments.operation (id, payment_id, kind, amount_minor, state, asked_at, settled_at)
select id, id, 'authorize', amount_minor,
  (case state when 'pending' then 'pending' when 'failed' then 'refused' when 'cancelled' then 'refused' else 'done' end)::payments.operation_state,
  created_at, case when state <> 'pending' then coalesce(settled_at, created_at) end
from orders.payment;
-- One that is cancelled here and perhaps not yet at the provider is told to it by the job.
insert into payments.operation (id, payment_id, kind, amount_minor, state, asked_at)
select gen_random_uuid(), id, 'cancel', 0, 'pending', created_at
from orders.payment where state = 'cancelled' and settled_at is null;
insert into payments.entry (payment_id, operation_id, kind, amount_minor, provider_ref, occurred_at)
select id, id, kind::payments.entry_kind, amount_minor, provider_ref, coalesce(settled_at, created_at)
from orders.payment, unnest(case
  when state = 'captured' then array['authorized', 'captured']
  when state = 'authorized' then array['authorized']
  when state = 'failed' then array['failed'] end) with ordinality as said (kind, position)
order by created_at, id, position;
insert into payments.test_payment (payment_id, state, currency, amount_minor, authorized_minor, captured_minor)
select payment_id, state::text::payments.payment_state, currency, amount_minor,
  case when state = 'captured' then amount_minor else 0 end, case when state = 'captured' then amount_minor else 0 end
from orders.test_payment;
drop table orders.payment;
drop table orders.test_payment;
drop type orders.payment_state;

-- Until when the buyer may be away at the provider's own page; null while nobody sent them there.
alter table orders.checkout add awaits_buyer_until timestamptz;
create index checkout_by_lease on orders.checkout (worked_on_until);
