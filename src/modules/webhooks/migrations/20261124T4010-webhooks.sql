create schema webhooks;
create type webhooks.delivery_state as enum ('pending', 'delivered', 'failed');

-- Where another system wants to hear of our events.
create table webhooks.endpoint (
  id uuid primary key, -- made by the caller, so that a retry is the same endpoint
  url text not null check (length(url) <= 2000),
  description text not null default '',
  event_names text[] not null check (cardinality(event_names) > 0),
  secret text not null,
  old_secret text, -- signs beside the new one until then, so that a receiver can change over
  old_secret_until timestamptz,
  is_active boolean not null default true,
  off_reason text, -- why it was switched off by us; null when by a person
  failing_since timestamptz, -- null since it last took something
  created_at timestamptz not null,
  check ((old_secret is null) = (old_secret_until is null)),
  check (off_reason is null or not is_active)
);

-- One event for one endpoint. event_id has no foreign key: a ping has no event, and rows come by the million.
create table webhooks.delivery (
  id bigint generated always as identity primary key,
  endpoint_id uuid not null references webhooks.endpoint (id) on delete restrict,
  event_id uuid not null,
  event_name text not null,
  state webhooks.delivery_state not null default 'pending',
  attempts integer not null default 0, -- since it was made, or last replayed
  due_at timestamptz, -- when it is tried next; moved on while somebody tries, so that it is due again if they die
  unique (endpoint_id, event_id),
  check ((state = 'pending') = (due_at is not null))
);
create index delivery_due on webhooks.delivery (endpoint_id, due_at, id) where state = 'pending';
create index delivery_log on webhooks.delivery (endpoint_id, id desc);

-- What was answered to each try: append-only.
create table webhooks.attempt (
  id bigint generated always as identity primary key,
  delivery_id bigint not null references webhooks.delivery (id) on delete restrict,
  status smallint,
  error text,
  answer text not null, -- its beginning
  took_ms integer not null,
  tried_at timestamptz not null,
  check ((status is null) = (error is not null))
);
create index attempt_of_delivery on webhooks.attempt (delivery_id, id);
create trigger append_only before update or delete on webhooks.attempt
  for each row execute function platform.forbid_change();

-- How far deliveries have been made from the event table.
create table webhooks.follower (
  singleton boolean primary key default true check (singleton),
  position xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  event_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into webhooks.follower default values;
