-- How a member shows themselves. The name is of their choice, and need not be the account's.
create table social.profile (
  member_id uuid primary key references identity.member (id) on delete restrict,
  handle text not null unique check (handle ~ '^[a-z0-9_]{3,30}$'),
  name text not null check (length(name) between 1 and 60),
  bio text not null default '' check (length(bio) <= 300),
  photo_id uuid, -- of theirs
  made_at timestamptz not null
);
comment on column social.profile.handle is 'personal';
comment on column social.profile.name is 'personal';
comment on column social.profile.bio is 'personal';

-- A picture that a member uploaded. `media_id` holds its files; nobody else's upload of the same picture is the same.
create table social.photo (
  id uuid primary key,
  owner_id uuid not null references identity.member (id) on delete restrict,
  media_id uuid unique references catalog.media (id) on delete restrict, -- none once it was deleted
  alt text not null default '' check (length(alt) <= 500),
  made_at timestamptz not null
);
create index photo_of_owner on social.photo (owner_id, id desc);
comment on column social.photo.alt is 'personal';
alter table social.profile add foreign key (photo_id) references social.photo (id) on delete restrict;

create type social.followed_kind as enum ('member', 'board', 'brand', 'topic');
-- `target_id` is a member, a board, a brand or a category.
create table social.follow (
  follower_id uuid references identity.member (id) on delete restrict,
  kind social.followed_kind,
  target_id uuid,
  since timestamptz not null,
  primary key (follower_id, kind, target_id),
  check (kind <> 'member' or follower_id <> target_id)
);
create index follow_of_target on social.follow (kind, target_id, since desc);

-- How many follow it: kept with the rows, so that no page counts them.
create table social.followed (
  kind social.followed_kind,
  target_id uuid,
  followers integer not null check (followers >= 0),
  primary key (kind, target_id)
);
