create schema collector;
create type collector.source_kind as enum ('browser', 'server', 'partner');

-- Who may send events. A key of a browser is in its pages for everybody to read: it may write events and nothing else.
create table collector.source (
  id uuid primary key, -- made by the caller, so that a retry is the same source
  name text not null check (length(name) between 1 and 100),
  kind collector.source_kind not null,
  touchpoint platform.touchpoint not null,
  write_key text not null unique check (write_key ~ '^[A-Za-z0-9_-]{20,60}$'),
  origins text[] not null default '{}' check (cardinality(origins) <= 50), -- none: from anywhere
  events_per_second integer not null check (events_per_second between 1 and 100000),
  burst integer not null check (burst between events_per_second and 1000000),
  made_at timestamptz not null default now(),
  revoked_at timestamptz
);
create trigger settings_changed after insert or update or delete or truncate on collector.source
  for each statement execute function platform.settings_changed();

-- What ClickHouse could not take when it came, as it is to be sent: the same bytes with the same token each time.
create table collector.waiting_batch (
  id bigint generated always as identity primary key, -- the order in which they are sent
  token uuid not null unique,
  body bytea not null, -- rows of the table `event`, gzipped: erasing waits until none waits
  events integer not null check (events > 0),
  held_at timestamptz not null default now(),
  refused text -- what ClickHouse said of it: it does not stand in the others' way
);

create type collector.letter_state as enum ('waiting', 'replayed', 'dismissed');

-- What came and did not fit. Its id follows from what it says: sent again, it is the same letter.
create table collector.dead_letter (
  id uuid primary key,
  source_id uuid not null references collector.source (id) on delete restrict,
  state collector.letter_state not null default 'waiting',
  reason text not null check (length(reason) <= 60),
  place text not null default '' check (length(place) <= 300), -- where in the event, as a JSON pointer
  kind text not null check (length(kind) <= 20), -- of call
  name text not null default '' check (length(name) <= 255),
  body text not null check (length(body) <= 40000),
  is_cut boolean not null, -- its end is missing: it was too long to be kept
  sent_at timestamptz, -- as the client said with it
  received_at timestamptz not null,
  user_id text check (length(user_id) <= 255),
  anonymous_id text check (length(anonymous_id) <= 255),
  times integer not null default 1, -- how often it came
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null))
);
comment on column collector.dead_letter.name is 'personal';
comment on column collector.dead_letter.body is 'personal';
comment on column collector.dead_letter.user_id is 'personal';
comment on column collector.dead_letter.anonymous_id is 'personal';
create index dead_letter_of_source on collector.dead_letter (source_id, received_at); -- counting an hour's, by source
create index dead_letter_listed on collector.dead_letter (state, received_at desc, id desc); -- the desk's list
create index dead_letter_by_user on collector.dead_letter (user_id) where user_id is not null; -- erasing
create index dead_letter_aged on collector.dead_letter (received_at); -- letting go of old ones

-- Members whose events have to be gone from ClickHouse, and who have to stay gone when a late event comes.
create table collector.erasure (
  member_id uuid primary key references identity.member (id) on delete restrict,
  asked_at timestamptz not null,
  done_at timestamptz
);
create index erasure_to_do on collector.erasure (asked_at) where done_at is null;

-- How far our own ledgers' events have been followed; the batch under way is noted before it is sent.
create table collector.follower (
  singleton boolean primary key default true check (singleton),
  position xid8 not null default '0',
  event_id uuid not null default '00000000-0000-0000-0000-000000000000',
  batch_position xid8,
  batch_event_id uuid,
  constraint batch_is_whole check ((batch_position is null) = (batch_event_id is null))
);
insert into collector.follower default values;
