-- What an outside service says of a picture, known by its bytes: the same picture of somebody else is not asked for again.
create table safety.picture_verdict (
  digest bytea primary key check (length(digest) = 32), -- SHA-256 of the bytes that were sent
  labels jsonb not null default '[]', -- [{label, score}], the highest first
  is_refused boolean not null default false, -- the service can't judge it, and is not asked again
  judged_at timestamptz not null
);

-- Whose pictures are still to be judged: a piece, or a member as they show themselves. A row goes when it is done.
create table safety.picture_task (
  subject_id uuid primary key,
  kind text not null check (kind in ('piece', 'profile')),
  due_at timestamptz not null default now(),
  tries integer not null default 0 check (tries >= 0)
);
create index picture_task_due on safety.picture_task (due_at, subject_id);

-- Which pictures of a subject were looked at: what a moderator put back is not put into the queue again for them.
create table safety.picture_seen (
  subject_id uuid,
  digest bytea references safety.picture_verdict (digest) on delete cascade,
  primary key (subject_id, digest)
);
create index picture_seen_digest on safety.picture_seen (digest);

alter type safety.signal_kind add value 'picture_label';
