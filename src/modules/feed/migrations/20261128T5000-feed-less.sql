create schema feed;

create type feed.less_kind as enum ('product', 'member', 'brand', 'topic');
-- What a member wants to see less of: their feed leaves it out.
create table feed.less (
  member_id uuid references identity.member (id) on delete restrict,
  kind feed.less_kind,
  target_id uuid, -- a product, a member, a brand or a category
  since timestamptz not null,
  primary key (member_id, kind, target_id)
);

-- What a saved product cost, and whether it was to be had, when we last looked: a change is told of once.
create table feed.watched (
  product_id uuid primary key references catalog.product (id) on delete restrict,
  amount_minor bigint,
  currency platform.currency,
  in_stock boolean not null,
  looked_at timestamptz not null
);

-- Up to which notice a member has been told by e-mail.
create table feed.digest (
  member_id uuid primary key references identity.member (id) on delete restrict,
  through_id uuid not null,
  made_at timestamptz not null
);

-- Search reads words where they stand: there is no copy that could outlive them, or be seen by others than they are.
create index board_words on boards.board using gin (to_tsvector('simple', name || ' ' || description));
create index profile_words on social.profile using gin (to_tsvector('simple', name || ' ' || handle || ' ' || bio));
