-- A view of a page of figures that a member of staff keeps under a name: the page's own address says all that it shows.
create table insight.saved_view (
  id uuid primary key,
  member_id uuid not null,
  name text not null check (length(name) between 1 and 80),
  address text not null check (length(address) <= 2000 and address ~ '^/desk/[a-z-]+(\?|$)'),
  saved_at timestamptz not null,
  constraint view_named_once unique (member_id, name)
);
comment on column insight.saved_view.name is 'personal';
