-- A buyer is asked once for each order, some days after the goods came.
create table reviews.request (
  order_id uuid primary key references orders.order (id) on delete restrict,
  due_at timestamptz not null,
  incentive text check (incentive in ('sample', 'discount', 'points', 'staff')), -- promised before anything is written
  claimed_at timestamptz, -- a worker is sending it
  sent_at timestamptz
);

-- Addresses that want no such mail, as keyed hashes: who they are can't be read from it.
create table reviews.unasked (
  address_hash bytea primary key,
  since timestamptz not null
);

-- Why words on a product may be taken away: a fixed list, of which the stars are no part.
create type reviews.removal_reason as enum (
  'not_about_product', 'personal_data', 'insult', 'unlawful', 'spam', 'not_own_experience', 'rights_of_others'
);
create type reviews.removal_state as enum ('removed', 'appealed', 'upheld', 'restored');

-- Each time somebody took away a review, question or answer: who, when, why; and what became of it.
create table reviews.removal (
  id uuid primary key,
  piece_id uuid not null references social.piece (id) on delete restrict,
  reason reviews.removal_reason not null,
  note text not null default '' check (length(note) <= 1000), -- shown to the author
  state reviews.removal_state not null default 'removed',
  removed_by uuid not null references identity.member (id) on delete restrict,
  removed_at timestamptz not null,
  appeal text check (length(appeal) <= 2000), -- the author's word
  appealed_at timestamptz,
  decided_by uuid references identity.member (id) on delete restrict,
  decided_at timestamptz,
  check ((state = 'removed') = (appealed_at is null and decided_at is null)),
  check ((state in ('upheld', 'restored')) = (decided_at is not null))
);
comment on column reviews.removal.appeal is 'personal';
create index removal_of_piece on reviews.removal (piece_id, removed_at desc);
create unique index removal_open on reviews.removal (piece_id) where state in ('removed', 'appealed', 'upheld');
create index removal_by_state on reviews.removal (state, removed_at desc, id desc);
