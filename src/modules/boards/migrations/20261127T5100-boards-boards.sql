create schema boards;

-- A member's collection. Whose it is and who sees it says `social.piece` under the same id.
create table boards.board (
  id uuid primary key references social.piece (id) on delete restrict,
  name text not null check (length(name) <= 100),
  description text not null default '' check (length(description) <= 1000),
  cover_pin_id uuid,
  pin_count integer not null default 0 check (pin_count >= 0), -- live ones
  changed_at timestamptz not null
);
comment on column boards.board.name is 'personal';
comment on column boards.board.description is 'personal';

create table boards.section (
  id uuid primary key,
  board_id uuid not null references boards.board (id) on delete restrict,
  name text not null check (length(name) between 1 and 60),
  position numeric not null,
  unique (board_id, id)
);
create index section_of_board on boards.section (board_id, position, id);
comment on column boards.section.name is 'personal';

create type boards.pin_kind as enum ('product', 'piece', 'photo', 'link');

-- One thing on a board. What it shows stands elsewhere, and stays there; the note is its owner's.
create table boards.pin (
  id uuid primary key references social.piece (id) on delete restrict,
  board_id uuid not null references boards.board (id) on delete restrict,
  section_id uuid,
  kind boards.pin_kind not null,
  product_id uuid references catalog.product (id) on delete restrict,
  piece_id uuid references social.piece (id) on delete restrict, -- a look or a post
  photo_id uuid references social.photo (id) on delete restrict,
  note text not null default '' check (length(note) <= 1000),
  -- Smaller stands first; of two that came to the same place at once, the newer.
  position numeric not null,
  saved_from uuid references boards.pin (id) on delete restrict, -- the pin that it was saved from
  added_at timestamptz not null,
  foreign key (board_id, section_id) references boards.section (board_id, id) on delete restrict,
  constraint shows_one_thing check (
    (kind = 'product') = (product_id is not null) and (kind = 'piece') = (piece_id is not null)
    and (kind = 'photo') = (photo_id is not null)
  )
);
comment on column boards.pin.note is 'personal';
create index pin_of_board on boards.pin (board_id, position, id desc);
create index pin_of_section on boards.pin (section_id, position, id desc) where section_id is not null;
create index pin_of_product on boards.pin (product_id, id desc) where product_id is not null;
create index pin_of_piece on boards.pin (piece_id, id desc) where piece_id is not null;
create index pin_saved_from on boards.pin (saved_from) where saved_from is not null;
