-- What goes with a product: of other categories, and found together with it more often than chance would have it. Anew
-- each night; see docs/decisions/0050.
create table looks.complement (
  product_id uuid references catalog.product (id) on delete restrict,
  other_id uuid references catalog.product (id) on delete restrict,
  score real not null check (score > 0),
  primary key (product_id, other_id)
);
create index complement_by_score on looks.complement (product_id, score desc, other_id);
