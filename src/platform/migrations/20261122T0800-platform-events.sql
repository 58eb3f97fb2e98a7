create schema platform;
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gist;

-- Where something happened. It is a fact about an order or an event; no logic branches on it.
create domain platform.touchpoint as text
  check (value ~ '^(web|app|till|embed|service|agent|network:[a-z0-9-]{1,40}|marketplace:[a-z0-9-]{1,40})$');

-- ISO 4217. Amounts beside it are integers in its minor unit.
create domain platform.currency as text check (value ~ '^[A-Z]{3}$');

create table platform.event (
  id uuid primary key,
  name text not null,
  -- As it was written: nobody searches in it. Written once and read once or twice, so compressing it would cost
  -- an import a quarter of its time.
  payload json storage external not null,
  occurred_at timestamptz not null default now(),
  -- A reader that follows the table (ClickHouse) goes by this column up to
  -- pg_snapshot_xmin(pg_current_snapshot()). By id or time it would miss rows that commit late.
  committed_by xid8 not null default pg_current_xact_id()
);
-- Serves the followers: the events of committed transactions, in the order of their numbers.
create index event_by_commit on platform.event (committed_by, id);

-- One row per (subscriber, event) that took effect. It makes handlers exactly-once.
create table platform.event_receipt (
  subscriber text not null,
  event_id uuid not null references platform.event (id) on delete cascade,
  primary key (subscriber, event_id)
);

create function platform.forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: correct it with another row', tg_table_name;
end $$;

-- Events are facts: a follower that has passed one would never see it change.
create trigger append_only before update on platform.event
  for each row execute function platform.forbid_change();
