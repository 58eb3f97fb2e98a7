create schema social;

create type social.piece_kind as enum (
  'board', 'pin', 'look', 'post', 'review', 'question', 'answer', 'comment', 'suggestion'
);
create type social.visibility as enum ('public', 'unlisted', 'secret');
-- Drafts and what is held for a moderator are seen by their owner only, and so is what was removed; of what was
-- deleted there are no words any more.
create type social.piece_state as enum ('draft', 'held', 'live', 'removed', 'deleted');

-- Whatever a member made and others may see. What it says stands with the module of its kind, under the same id; who
-- may see it is decided by this row alone. A piece stands by itself, or within another, and shares the visibility of
-- the outermost one, its root: a pin that of its board, a comment that of what it is said of.
create table social.piece (
  id uuid primary key,
  kind social.piece_kind not null,
  owner_id uuid references identity.member (id) on delete restrict, -- none where who wrote it has no account
  root_id uuid not null references social.piece (id) on delete restrict,
  within_id uuid references social.piece (id) on delete restrict,
  visibility social.visibility, -- a root says it for all within
  link_key text unique check (length(link_key) >= 16), -- what an unlisted one is opened with: random, and new each time
  state social.piece_state not null default 'live',
  made_at timestamptz not null,
  constraint root_says check ((root_id = id) = (visibility is not null) and (root_id = id) = (within_id is null)),
  constraint unlisted_has_key check ((visibility is not distinct from 'unlisted') = (link_key is not null))
);
create index piece_of_owner on social.piece (owner_id, kind, id desc);
create index piece_within on social.piece (within_id, kind, id) where within_id is not null;
create index piece_of_root on social.piece (root_id) where root_id <> id;

-- Who makes a board together with its owner. An invitation counts once it was accepted.
create type social.collaborator_role as enum ('editor', 'contributor');
create table social.collaborator (
  piece_id uuid references social.piece (id) on delete restrict,
  member_id uuid references identity.member (id) on delete restrict,
  role social.collaborator_role not null,
  invited_by uuid not null references identity.member (id) on delete restrict,
  invited_at timestamptz not null,
  joined_at timestamptz,
  primary key (piece_id, member_id)
);
create index collaborator_of_member on social.collaborator (member_id, piece_id);

-- Two who meet nowhere. Neither is told.
create table social.block (
  blocker_id uuid references identity.member (id) on delete restrict,
  blocked_id uuid references identity.member (id) on delete restrict,
  since timestamptz not null,
  primary key (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);
create index block_of_blocked on social.block (blocked_id, blocker_id);

-- Whom somebody does not want to hear of: left out of their feed and their notices, and of nothing else.
create table social.mute (
  member_id uuid references identity.member (id) on delete restrict,
  muted_id uuid references identity.member (id) on delete restrict,
  since timestamptz not null,
  primary key (member_id, muted_id),
  check (member_id <> muted_id)
);

-- Whether the two meet: blocked by either, they don't. A guest is nobody's acquaintance.
create function social.meet(one uuid, other uuid) returns boolean language sql stable as $$
  select not exists (
    select from social.block
    where (blocker_id = one and blocked_id = other) or (blocker_id = other and blocked_id = one)
  )
$$;

-- The one place that decides what somebody sees. `viewer` is a member, or null for a guest. Every list, count, search,
-- feed, suggestion and notice joins `listed`; what is asked for by its address is looked up in `opened`. Both are plain
-- selects, so that the planner takes them apart and joins what they read with the rest of a query.
-- A suggestion, and what is said of it, is between who makes it and whom it is made to.
create function social.listed(viewer uuid) returns table (id uuid) language sql stable as $$
  select piece.id
  from social.piece as piece
  join social.piece as root on root.id = piece.root_id
  left join social.piece as within on within.id = piece.within_id
  where piece.state = 'live' and root.state = 'live' and (within.id is null or within.state = 'live')
    and (piece.kind <> 'suggestion' or viewer in (piece.owner_id, root.owner_id))
    and (within.kind is distinct from 'suggestion' or viewer in (within.owner_id, root.owner_id))
    and (root.visibility = 'public' or root.owner_id = viewer or exists (
      select from social.collaborator as c
      where c.piece_id = root.id and c.member_id = viewer and c.joined_at is not null
    ))
    and (viewer is null or not exists (
      select from social.block as b
      where (b.blocker_id = viewer and b.blocked_id in (piece.owner_id, root.owner_id, within.owner_id))
        or (b.blocked_id = viewer and b.blocker_id in (piece.owner_id, root.owner_id, within.owner_id))
    ))
$$;

-- As `listed`, and the unlisted ones whose key was given; and to its owner what only they see.
create function social.opened(viewer uuid, given_key text) returns table (id uuid) language sql stable as $$
  select piece.id
  from social.piece as piece
  join social.piece as root on root.id = piece.root_id
  left join social.piece as within on within.id = piece.within_id
  where (piece.state = 'live' or (piece.owner_id = viewer and piece.state <> 'deleted'))
    and (root.state = 'live' or (root.owner_id = viewer and root.state <> 'deleted'))
    and (within.id is null or within.state = 'live' or (within.owner_id = viewer and within.state <> 'deleted'))
    and (piece.kind <> 'suggestion' or viewer in (piece.owner_id, root.owner_id))
    and (within.kind is distinct from 'suggestion' or viewer in (within.owner_id, root.owner_id))
    and (root.visibility = 'public' or root.owner_id = viewer
      or (root.visibility = 'unlisted' and root.link_key = given_key)
      or exists (
        select from social.collaborator as c
        where c.piece_id = root.id and c.member_id = viewer and c.joined_at is not null
      ))
    and (viewer is null or not exists (
      select from social.block as b
      where (b.blocker_id = viewer and b.blocked_id in (piece.owner_id, root.owner_id, within.owner_id))
        or (b.blocked_id = viewer and b.blocker_id in (piece.owner_id, root.owner_id, within.owner_id))
    ))
$$;
