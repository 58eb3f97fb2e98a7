-- What taking money costs. Entries are followed by the transaction that committed them.
alter table payments.entry add committed_by xid8 not null default pg_current_xact_id();
create index entry_by_commit on payments.entry (committed_by, id);

-- What is taken for each payment by those who report nothing, from a day on.
create table payments.fee_rate (
  provider text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  starts_on date not null,
  per_million integer not null check (per_million between 0 and 500000), -- of what was taken
  fixed_minor bigint not null check (fixed_minor between 0 and 100000), -- for each taking
  refund_minor bigint not null check (refund_minor between 0 and 100000), -- for each refund
  set_by text not null,
  set_at timestamptz not null,
  primary key (provider, currency, starts_on)
);

-- What providers took for taking money and for giving it back. `reference` is their own name for it, or the entry it is of.
create table payments.fee_entry (
  id uuid primary key,
  reference text not null unique,
  payment_id uuid not null references payments.payment (id) on delete restrict,
  is_of_refund boolean not null,
  amount_minor bigint not null check (amount_minor <> 0), -- in the payment's currency; negative where it came back
  provider_minor bigint not null, -- as the provider told it
  provider_currency text not null check (provider_currency ~ '^[A-Z]{3}$'),
  occurred_at timestamptz not null,
  noted_at timestamptz not null
);
create index fee_entry_of_payment on payments.fee_entry (payment_id);
create trigger append_only before update or delete on payments.fee_entry
  for each row execute function platform.forbid_change();

-- Payments whose provider is still to be asked what it took, up to which of their entries.
create table payments.fee_due (
  payment_id uuid primary key references payments.payment (id) on delete restrict,
  entry_id bigint not null,
  asked integer not null default 0,
  ask_at timestamptz not null
);
create index fee_due_by_time on payments.fee_due (ask_at);

-- How far entries are looked at.
create table payments.fee_progress (
  is_only boolean primary key default true check (is_only),
  position xid8 not null default '0',
  entry_id bigint not null default 0
);
insert into payments.fee_progress default values;
