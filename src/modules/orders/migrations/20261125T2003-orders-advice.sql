-- Who showed a member a thing in a store, and where. Only the latest counts: it names who helped when it is bought.
create table orders.cart_advice (
  cart_id uuid not null,
  variant_id uuid not null,
  associate_id uuid not null references identity.member (id) on delete restrict,
  location_id uuid not null references inventory.location (id) on delete restrict,
  noted_at timestamptz not null,
  primary key (cart_id, variant_id),
  foreign key (cart_id, variant_id) references orders.cart_line (cart_id, variant_id) on delete cascade
);
comment on column orders.cart_advice.associate_id is 'personal';
-- Serves the erasure of an associate.
create index advice_of_associate on orders.cart_advice (associate_id);
