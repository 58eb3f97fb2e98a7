create type boards.link_state as enum ('waiting', 'read', 'refused');

-- What a pin of an address leads to, as its page described itself when it was read. Emptied with the pin.
create table boards.link (
  pin_id uuid primary key references boards.pin (id) on delete restrict,
  url text not null check (length(url) <= 2000),
  state boards.link_state not null default 'waiting',
  refusal text check (refusal ~ '^[a-z]+(_[a-z]+)*$'), -- why it could not be read
  title text not null default '' check (length(title) <= 300),
  author text not null default '' check (length(author) <= 120),
  excerpt text not null default '' check (length(excerpt) <= 500),
  site text not null default '' check (length(site) <= 120),
  photo_id uuid references social.photo (id) on delete restrict,
  read_at timestamptz,
  constraint refused_says_why check ((state = 'refused') = (refusal is not null))
);
comment on column boards.link.url is 'personal';
comment on column boards.link.title is 'personal';
comment on column boards.link.author is 'personal';
comment on column boards.link.excerpt is 'personal';
comment on column boards.link.site is 'personal';
