create schema till;

-- A till in a store. What is sold there leaves that store's shelf; its drawer holds one currency.
create table till.register (
  id uuid primary key,
  name text not null check (length(name) between 1 and 80),
  location_id uuid not null references inventory.location (id) on delete restrict,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  active boolean not null default true,
  unique (location_id, name)
);
