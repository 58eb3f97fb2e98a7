-- What a level of trust is earned by. Level 0 needs nothing.
create table safety.trust_rule (
  level integer primary key check (level between 1 and 3),
  known_days integer not null check (known_days between 0 and 3650), -- since the member first showed themselves
  active_days integer not null check (active_days between 0 and 1000), -- on which they made something
  pieces integer not null check (pieces between 0 and 1000), -- live ones
  welcomed integer not null check (welcomed between 0 and 10000), -- reactions and helpful votes of others
  clean_days integer not null check (clean_days between 0 and 3650) -- without a removal that stands
);
insert into safety.trust_rule (level, known_days, active_days, pieces, welcomed, clean_days) values
  (1, 1, 1, 2, 0, 7), (2, 14, 5, 10, 5, 60), (3, 90, 30, 50, 40, 180);

create type safety.signal_kind as enum (
  'link', 'picture', 'burst', 'copied', 'ring', 'device', 'new_voters'
);
-- What stands out about a member, or a piece of theirs: found by our checks and jobs, judged by people.
create table safety.signal (
  id uuid primary key,
  kind safety.signal_kind not null,
  member_id uuid references identity.member (id) on delete restrict,
  piece_id uuid references social.piece (id) on delete restrict,
  value double precision not null check (value between 0 and 1), -- how much it stands out
  evidence jsonb not null default '{}', -- ids and figures, no words
  at timestamptz not null, -- when it was seen last
  unique nulls not distinct (kind, member_id, piece_id)
);
create index signal_of_member on safety.signal (member_id) where member_id is not null;
create index signal_of_piece on safety.signal (piece_id) where piece_id is not null;
create index signal_at on safety.signal using brin (at);

-- What the words of a piece are like, without the words: alike pieces share some of the numbers.
create table safety.fingerprint (
  piece_id uuid primary key references social.piece (id) on delete restrict,
  member_id uuid not null references identity.member (id) on delete restrict,
  bands bigint[] not null check (cardinality(bands) between 1 and 8),
  at timestamptz not null
);
create index fingerprint_at on safety.fingerprint using brin (at);
create index fingerprint_of_member on safety.fingerprint (member_id);

-- Whether two members came with the same browser from the same place: a keyed hash, of the last weeks.
create table safety.device (
  digest bytea,
  member_id uuid references identity.member (id) on delete restrict,
  seen_at timestamptz not null,
  primary key (digest, member_id)
);
create index device_of_member on safety.device (member_id);

-- Where nothing may lead: the host, and all below it.
create table safety.blocked_host (
  host text primary key check (host = lower(host) and length(host) between 3 and 253),
  why text not null default '' check (length(why) <= 300),
  blocked_by uuid not null references identity.member (id) on delete restrict,
  since timestamptz not null
);
