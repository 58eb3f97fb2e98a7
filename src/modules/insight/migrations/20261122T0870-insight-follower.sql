create schema insight;

-- How far each follower of platform.event has come. Everything up to (position, event_id) is done; the batch
-- under way reaches to (batch_position, batch_event_id). It is noted before it is sent, so that a retry sends
-- the same bytes: events do not change, and all transactions up to a batch's end are over when it is noted.
create table insight.follower (
  name text primary key,
  position xid8 not null default '0',
  event_id uuid not null default '00000000-0000-0000-0000-000000000000',
  batch_position xid8,
  batch_event_id uuid,
  moved_at timestamptz not null default now(),
  changed_at timestamptz not null default now(), -- when a batch last brought something that this follower keeps
  constraint batch_is_whole check ((batch_position is null) = (batch_event_id is null))
);
insert into insight.follower (name) values ('sale_entry');

-- Wakes the followers when the transaction commits. Several statements of one transaction wake them once.
create function insight.announce_event() returns trigger language plpgsql as $$
begin
  perform pg_notify('stoa_event', '');
  return null;
end $$;
create trigger announce after insert on platform.event
  for each statement execute function insight.announce_event();
