-- From whom a board takes suggestions; those who may see it at most.
create type boards.suggesters as enum ('nobody', 'followed', 'anyone');
alter table boards.board add column suggesters boards.suggesters not null default 'nobody';

create type boards.suggestion_answer as enum ('accepted', 'declined', 'thanked');

-- What somebody proposes for another's board, and why. It is answered once; an accepted one became a pin.
create table boards.suggestion (
  id uuid primary key references social.piece (id) on delete restrict,
  board_id uuid not null references boards.board (id) on delete restrict,
  kind boards.pin_kind not null check (kind <> 'photo'),
  product_id uuid references catalog.product (id) on delete restrict,
  piece_id uuid references social.piece (id) on delete restrict,
  url text check (length(url) <= 2000),
  reason text not null check (length(reason) <= 500),
  answer boards.suggestion_answer,
  answered_at timestamptz,
  pin_id uuid unique references boards.pin (id) on delete restrict,
  constraint suggests_one_thing check (
    (kind = 'product') = (product_id is not null) and (kind = 'piece') = (piece_id is not null)
    and (kind = 'link') = (url is not null)
  ),
  constraint accepted_is_pinned check ((answer is not distinct from 'accepted') = (pin_id is not null)),
  constraint answered_at_a_time check ((answer is null) = (answered_at is null))
);
-- Serves the list of a board's open ones.
create index suggestion_open on boards.suggestion (board_id, id desc) where answer is null;
create index suggestion_of_board on boards.suggestion (board_id, id desc);
comment on column boards.suggestion.reason is 'personal';
comment on column boards.suggestion.url is 'personal';
