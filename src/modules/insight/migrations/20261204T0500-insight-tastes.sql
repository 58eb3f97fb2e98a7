-- What a customer is drawn to more than everybody is, and what others have of them. Only of those whose member agrees to
-- figures; counted anew each night, and whoever no longer agrees is gone with the next count.
create type insight.interest_kind as enum ('category', 'brand');

create table insight.customer_interest (
  customer_id uuid references identity.customer (id) on delete cascade,
  kind insight.interest_kind,
  target_id uuid,
  title text not null, -- its name when it was counted
  viewed integer not null check (viewed >= 0), -- days on which a product of it was looked at, of 365 days
  saved integer not null check (saved >= 0),
  bought integer not null check (bought >= 0), -- orders with a product of it
  weight double precision not null check (weight > 0), -- of all these, each worth less the longer ago it was
  own_share double precision not null check (own_share > 0 and own_share <= 1),
  all_share double precision not null check (all_share > 0 and all_share <= 1),
  lift double precision not null check (lift > 1),
  counted_at timestamptz not null,
  primary key (customer_id, kind, target_id)
);
-- Serves the filter of the list.
create index customer_interest_by_target on insight.customer_interest (target_id, customer_id);

create table insight.customer_advocacy (
  customer_id uuid primary key references identity.customer (id) on delete cascade,
  reviews integer not null check (reviews >= 0), -- all of 365 days
  answers integer not null check (answers >= 0),
  made integer not null check (made >= 0), -- looks and posts that everybody may see
  shared integer not null check (shared >= 0), -- how often they handed a page on
  helpful integer not null check (helpful >= 0), -- others who said that their words helped
  saved integer not null check (saved >= 0), -- others' pins that were saved from theirs
  brought integer not null check (brought >= 0), -- orders of others, after they opened something of theirs
  points integer not null check (points > 0),
  segment text, -- null where nothing stands out
  counted_at timestamptz not null
);
create index customer_advocacy_by_segment on insight.customer_advocacy (segment, customer_id) where segment is not null;

-- When the latest count was begun that has ended.
create table insight.taste_count (
  singleton boolean primary key default true check (singleton),
  counted_at timestamptz not null
);
