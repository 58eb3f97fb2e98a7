create schema archives;

-- All that a member made and what is known of them, as one file that is theirs to take along. The file stands under a
-- number of chance (`key`) until it expires; the row stays as the record of its having been made.
create table archives.archive (
  id uuid primary key, -- made by the caller, so that a retry is the same archive
  member_id uuid not null references identity.member (id) on delete restrict,
  asked_at timestamptz not null,
  made_at timestamptz,
  expires_at timestamptz, -- before it is made: not later than this, for something of it was deleted meanwhile
  key text unique check (key ~ '^[0-9a-f]{64}$'), -- known before the file is, so that none is left behind by a crash
  byte_size bigint check (byte_size > 0),
  check ((made_at is null) = (byte_size is null) and (made_at is null or expires_at is not null))
);
create index archive_of_member on archives.archive (member_id, asked_at desc);
create index archive_with_file on archives.archive (expires_at) where key is not null;
create unique index archive_being_made on archives.archive (member_id) where made_at is null;

create type archives.intake_state as enum ('waiting', 'done', 'refused');
-- Who may see what was taken from an archive: as the archive says, or its owner alone until they say more.
create type archives.intake_sight as enum ('as_it_was', 'secret');

-- An archive that a member brought, from here or from another Stoa, to have what is in it here. `steps` says how many of
-- its activities are done: whoever goes on after a crash begins there.
create table archives.intake (
  id uuid primary key, -- made by the caller
  member_id uuid not null references identity.member (id) on delete restrict,
  state archives.intake_state not null default 'waiting',
  refusal text check (refusal ~ '^[a-z]+(_[a-z]+)*$'), -- why nothing of it could be read
  sight archives.intake_sight not null,
  key text unique check (key ~ '^[0-9a-f]{64}$'), -- where its file stands until it is done
  asked_at timestamptz not null,
  ended_at timestamptz,
  total integer not null default 0 check (total >= 0), -- activities, as the archive says
  steps integer not null default 0 check (steps >= 0),
  taken integer not null default 0 check (taken >= 0),
  known integer not null default 0 check (known >= 0), -- was here already
  check ((state = 'waiting') = (ended_at is null) and (state = 'refused') = (refusal is not null)),
  check (state = 'waiting' or key is null)
);
create index intake_of_member on archives.intake (member_id, asked_at desc);
create unique index intake_waiting on archives.intake (member_id) where state = 'waiting';

-- What of it could not be taken, or not wholly, and why.
create table archives.left_out (
  intake_id uuid references archives.intake (id) on delete cascade,
  step integer,
  kind text not null check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  what text not null check (length(what) <= 200), -- as the archive calls it
  reason text not null check (reason ~ '^[a-z]+(_[a-z]+)*$'),
  primary key (intake_id, step)
);
comment on column archives.left_out.what is 'personal';
