create schema looks;

-- Products put together in one picture. Whose it is and who sees it says `social.piece` under the same id. Places are
-- in units of a canvas 1000 wide and 1250 high.
create table looks.look (
  id uuid primary key references social.piece (id) on delete restrict,
  title text not null default '' check (length(title) <= 100),
  words text not null default '' check (length(words) <= 2000),
  ground text not null check (ground ~ '^#[0-9a-f]{6}$'),
  scene_id uuid references social.photo (id) on delete restrict, -- stands before the ground
  remixed_from uuid references looks.look (id) on delete restrict,
  version integer not null default 1, -- counts the changes
  media_id uuid unique references catalog.media (id) on delete restrict, -- what was rendered of it
  rendered_version integer,
  published_at timestamptz,
  changed_at timestamptz not null
);
comment on column looks.look.title is 'personal';
comment on column looks.look.words is 'personal';
create index look_remixed_from on looks.look (remixed_from) where remixed_from is not null;

create type looks.item_shape as enum ('cut_out', 'whole', 'hotspot');
-- `x` and `y` are its middle; a smaller `place` lies below.
create table looks.item (
  look_id uuid references looks.look (id) on delete restrict,
  place integer not null check (place between 0 and 99),
  product_id uuid not null references catalog.product (id) on delete restrict,
  variant_id uuid references catalog.variant (id) on delete restrict,
  shape looks.item_shape not null,
  x integer not null check (x between -500 and 1500),
  y integer not null check (y between -500 and 1750),
  width integer not null check (width between 20 and 2000),
  turn integer not null check (turn between -180 and 180),
  primary key (look_id, place)
);
create index item_of_product on looks.item (product_id, look_id desc);

-- Words that stand in the picture.
create table looks.wording (
  look_id uuid references looks.look (id) on delete restrict,
  place integer not null check (place between 0 and 99),
  words text not null check (length(words) between 1 and 80),
  x integer not null check (x between -500 and 1500),
  y integer not null check (y between -500 and 1750),
  size integer not null check (size between 16 and 300),
  turn integer not null check (turn between -180 and 180),
  colour text not null check (colour ~ '^#[0-9a-f]{6}$'),
  primary key (look_id, place)
);
comment on column looks.wording.words is 'personal';

-- A product's picture without its ground, made once: `cutout.webp` beside the picture's other files. Of a picture whose
-- ground is not plain there is none.
create table looks.cutout (
  media_id uuid primary key references catalog.media (id) on delete restrict,
  width integer, -- none where it could not be cut
  height integer,
  made_at timestamptz not null,
  check ((width is null) = (height is null))
);

create type looks.swap_state as enum ('open', 'accepted', 'declined');
-- Another product in place of one of a look, proposed to its maker. A piece within the look.
create table looks.swap (
  id uuid primary key references social.piece (id) on delete restrict,
  look_id uuid not null references looks.look (id) on delete restrict,
  out_id uuid not null references catalog.product (id) on delete restrict,
  in_id uuid not null references catalog.product (id) on delete restrict,
  reason text not null default '' check (length(reason) <= 500),
  state looks.swap_state not null default 'open',
  answered_at timestamptz,
  check (out_id <> in_id)
);
comment on column looks.swap.reason is 'personal';
create index swap_of_look on looks.swap (look_id, id desc);
