-- What is said of a piece, perhaps in answer to another comment of it. Emptied when it is deleted.
create table social.comment (
  id uuid primary key references social.piece (id) on delete restrict,
  subject_id uuid not null references social.piece (id) on delete restrict,
  reply_to uuid references social.comment (id) on delete restrict,
  body text not null check (length(body) <= 4000),
  photo_ids uuid[] not null default '{}' check (cardinality(photo_ids) <= 4),
  said_at timestamptz not null,
  edited_at timestamptz
);
comment on column social.comment.body is 'personal';
-- Serve a subject's page: the threads, and the answers in each.
create index comment_of_subject on social.comment (subject_id, said_at desc, id desc) where reply_to is null;
create index comment_in_reply on social.comment (reply_to, said_at, id) where reply_to is not null;

create type social.reaction_kind as enum ('heart', 'clap', 'wow', 'idea');
-- One of each member for a piece: another takes its place.
create table social.reaction (
  piece_id uuid references social.piece (id) on delete restrict,
  member_id uuid references identity.member (id) on delete restrict,
  kind social.reaction_kind not null,
  at timestamptz not null,
  primary key (piece_id, member_id)
);
create index reaction_of_member on social.reaction (member_id, at desc);

-- Counts of the live comments and of the reactions, written by the statement that writes the rows.
create table social.tally (
  piece_id uuid primary key references social.piece (id) on delete restrict,
  comments integer not null default 0 check (comments >= 0),
  heart integer not null default 0 check (heart >= 0),
  clap integer not null default 0 check (clap >= 0),
  wow integer not null default 0 check (wow >= 0),
  idea integer not null default 0 check (idea >= 0)
);

-- What a member is told of. `data` holds ids and figures, no words.
create table social.notice (
  id uuid primary key,
  member_id uuid not null references identity.member (id) on delete restrict,
  kind text not null check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  actor_id uuid references identity.member (id) on delete restrict,
  piece_id uuid references social.piece (id) on delete restrict,
  data jsonb not null default '{}',
  at timestamptz not null,
  seen_at timestamptz
);
-- The same told twice is told once.
create unique index notice_once on social.notice (member_id, kind, actor_id, piece_id) nulls not distinct;
create index notice_of_member on social.notice (member_id, id desc);
create index notice_unseen on social.notice (member_id) where seen_at is null;

-- What a member has switched off. Without a row it is on.
create table social.notice_choice (
  member_id uuid references identity.member (id) on delete restrict,
  kind text,
  in_page boolean not null,
  by_mail boolean not null,
  primary key (member_id, kind)
);

-- How far a member is trusted: what they may do, and how often. Without a row they are new.
create table social.trust (
  member_id uuid primary key references identity.member (id) on delete restrict,
  level integer not null check (level between 0 and 3),
  why text not null default '',
  set_by uuid references identity.member (id) on delete restrict, -- a moderator; none where it was earned
  since timestamptz not null
);
