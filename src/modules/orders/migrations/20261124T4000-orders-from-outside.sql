-- The orders that another system took for us, by its own names: the row is written first, so that of several who enter
-- the same order at once one does, and the others wait for it.
create table orders.outside_order (
  source text not null check (source ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  external_ref text not null check (length(external_ref) between 1 and 100),
  order_id uuid not null unique references orders.order (id) on delete restrict deferrable initially deferred,
  request_hash bytea not null, -- the same name with other content is refused
  entered_at timestamptz not null,
  primary key (source, external_ref)
);
