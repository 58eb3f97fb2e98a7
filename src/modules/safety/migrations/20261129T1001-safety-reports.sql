create schema safety;

-- Why something is reported, or taken away: one fixed list for every kind. What a rating says is no part of it.
create type safety.reason as enum (
  'spam', 'deceit', 'insult', 'hate', 'violence', 'sexual', 'self_harm', 'personal_data', 'rights_of_others', 'unlawful',
  'not_about_product', 'not_own_experience'
);
-- Why something waits for a moderator.
create type safety.cause as enum ('report', 'check', 'appeal', 'signal');

-- Something that a moderator looks at: a piece, or how a member shows themselves. One of each, opened again and again.
create table safety.concern (
  id uuid primary key,
  piece_id uuid unique references social.piece (id) on delete restrict,
  profile_id uuid unique references identity.member (id) on delete restrict,
  is_open boolean not null,
  causes safety.cause[] not null default '{}', -- why it is open
  urgency integer not null default 0 check (urgency >= 0), -- the sum of what its causes weigh
  opened_at timestamptz not null, -- for the last time
  version integer not null default 1, -- counts openings, appeals and acts: who acts says which one they saw
  check (num_nonnulls(piece_id, profile_id) = 1),
  check (is_open = (causes <> '{}'))
);
-- Serves the queue.
create index concern_open on safety.concern (urgency desc, opened_at, id) where is_open;

-- One member's report of one thing. Whom it is about never learns of it.
create table safety.report (
  id uuid primary key,
  concern_id uuid not null references safety.concern (id) on delete restrict,
  reporter_id uuid not null references identity.member (id) on delete restrict,
  reason safety.reason not null,
  words text not null default '' check (length(words) <= 1000),
  at timestamptz not null,
  unique (concern_id, reporter_id)
);
comment on column safety.report.words is 'personal';
create index report_of_reporter on safety.report (reporter_id, at desc);

create type safety.act_kind as enum (
  'keep', 'hold', 'remove', 'restore', 'uphold', 'warn', 'trust', 'suspend', 'clear'
);
-- Everything a moderator did about a concern. An error is mended by another act.
create table safety.act (
  id uuid primary key, -- made by the caller, so that a retry is the same act
  concern_id uuid not null references safety.concern (id) on delete restrict,
  kind safety.act_kind not null,
  about_id uuid references identity.member (id) on delete restrict, -- whose it is; none where they have no account
  reason safety.reason,
  note text not null default '' check (length(note) <= 1000), -- told to whom it is about
  level integer check (level between 0 and 3),
  until timestamptz,
  decides uuid unique references safety.act (id) on delete restrict, -- the removal that is upheld or undone
  by_id uuid not null references identity.member (id) on delete restrict,
  at timestamptz not null,
  check ((kind in ('remove', 'clear')) = (reason is not null)),
  check ((kind in ('restore', 'uphold')) = (decides is not null)),
  check ((kind = 'trust') = (level is not null)),
  check ((kind = 'suspend') = (until is not null))
);
create trigger append_only before update or delete on safety.act
  for each row execute function platform.forbid_change();
create index act_of_concern on safety.act (concern_id, at desc, id desc);
create index act_about on safety.act (about_id, at desc, id desc) where about_id is not null;
create index act_removal on safety.act (at desc, id desc) where kind = 'remove';

-- The author's word against a removal, once.
create table safety.appeal (
  act_id uuid primary key references safety.act (id) on delete restrict,
  words text not null check (length(words) <= 2000),
  at timestamptz not null
);
comment on column safety.appeal.words is 'personal';

-- What was removed while only reviews had removals. An appeal that nobody has answered waits in the queue.
insert into safety.concern (id, piece_id, is_open, causes, urgency, opened_at)
select gen_random_uuid(), piece_id, bool_or(state = 'appealed'),
  case when bool_or(state = 'appealed') then array['appeal']::safety.cause[] else '{}' end,
  case when bool_or(state = 'appealed') then 10 else 0 end, max(coalesce(appealed_at, removed_at))
from reviews.removal group by piece_id;
insert into safety.act (id, concern_id, kind, about_id, reason, note, by_id, at)
select removal.id, concern.id, 'remove', piece.owner_id, removal.reason::text::safety.reason, removal.note,
  removal.removed_by, removal.removed_at
from reviews.removal join safety.concern on concern.piece_id = removal.piece_id
join social.piece on piece.id = removal.piece_id;
insert into safety.appeal (act_id, words, at)
select id, coalesce(appeal, ''), appealed_at from reviews.removal where appealed_at is not null;
insert into safety.act (id, concern_id, kind, about_id, decides, by_id, at)
select gen_random_uuid(), concern.id,
  case removal.state when 'restored' then 'restore' else 'uphold' end::safety.act_kind, piece.owner_id, removal.id,
  removal.decided_by, removal.decided_at
from reviews.removal join safety.concern on concern.piece_id = removal.piece_id
join social.piece on piece.id = removal.piece_id
where removal.decided_at is not null;
drop table reviews.removal;
drop type reviews.removal_state;
drop type reviews.removal_reason;
