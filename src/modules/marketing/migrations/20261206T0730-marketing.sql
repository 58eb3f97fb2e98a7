create schema marketing;

-- What is spent to bring buyers, line by line as its source counts it. A line that a source tells anew with another amount, day or
-- place is put right by entries more: the sum of its entries is what it stands at.
create table marketing.spend_entry (
  id bigint generated always as identity primary key,
  committed_by xid8 not null default pg_current_xact_id(),
  written_at timestamptz not null default clock_timestamp(),
  source text not null check (source ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(source) <= 60),
  reference text not null check (length(reference) between 1 and 120), -- what the source calls the line
  day date not null,
  region_code text not null,
  campaign text not null check (length(campaign) <= 120),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor <> 0),
  actor text not null
);
create unique index spend_entry_by_commit on marketing.spend_entry (committed_by, id);
create index spend_entry_of_line on marketing.spend_entry (source, reference);
create index spend_entry_by_day on marketing.spend_entry (day);
create trigger append_only before update or delete on marketing.spend_entry
  for each row execute function platform.forbid_change();

-- Who tells what is spent. Two who tell for one source wait for each other at its row.
create table marketing.source (
  source text primary key,
  told_at timestamptz not null
);
