-- What the maker of a look that is shown has changed and not shown yet: all of it, as it is sent to be saved. Nobody else
-- reads it, and it is gone with the change's showing or the look's end.
create table looks.change (
  look_id uuid primary key references looks.look (id) on delete restrict,
  wish jsonb not null check (octet_length(wish::text) <= 60000),
  kept_at timestamptz not null
);
comment on column looks.change.wish is 'personal';
