-- A card that was lost or is disputed can't be spent; its money stays. Whoever blocks it or frees it is written down.
alter table payments.account add column is_blocked boolean not null default false;

create table payments.account_block (
  id bigint generated always as identity primary key,
  account_id uuid not null references payments.account (id) on delete restrict,
  is_blocked boolean not null,
  reason text not null,
  actor text not null,
  occurred_at timestamptz not null
);
create index account_block_of_account on payments.account_block (account_id, id);
create trigger append_only before update or delete on payments.account_block
  for each row execute function platform.forbid_change();

-- A mistake in a balance is corrected by another entry, of either sign.
alter type payments.account_entry_kind add value 'corrected';

-- Serve the list of gift cards, and their search by the last characters.
create index gift_card_by_time on payments.account (created_at desc, id desc) where kind = 'gift_card';
create index gift_card_by_end on payments.account (code_end, created_at desc, id desc) where kind = 'gift_card';
-- Serves the cards that paid for an order.
create index payment_by_account on payments.payment (account_id) where account_id is not null;

-- How much one who serves buyers may give in a day: cards and credit together. A currency without a row has the default.
create table payments.give_limit (
  currency platform.currency primary key,
  a_day_minor bigint not null check (a_day_minor >= 0),
  set_by text not null,
  set_at timestamptz not null
);

-- What each has given on a day, added up by the statement that checks the limit: two at once never give more.
create table payments.given_day (
  actor text not null,
  currency platform.currency not null,
  day date not null,
  amount_minor bigint not null check (amount_minor > 0),
  primary key (actor, currency, day)
);
