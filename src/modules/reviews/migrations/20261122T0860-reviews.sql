create schema reviews;

create table reviews.review (
  id uuid primary key,
  product_id uuid not null references catalog.product (id) on delete restrict,
  order_line_id uuid unique references orders.order_line (id) on delete restrict, -- the verified purchase
  customer_id uuid references identity.customer (id) on delete restrict,
  author_name text not null,
  rating integer not null check (rating between 1 and 5),
  title text not null default '',
  body text not null default '',
  written_at timestamptz not null default now()
);
comment on column reviews.review.author_name is 'personal';
-- Serves a product page: the newest reviews first.
create index review_of_product on reviews.review (product_id, written_at desc);

-- The counts by star, kept with the reviews so that a page or a list need not count them.
create table reviews.rating (
  product_id uuid primary key references catalog.product (id) on delete restrict,
  review_count integer not null default 0 check (review_count >= 0),
  rating_sum integer not null default 0,
  stars integer[] not null default '{0,0,0,0,0}'
);
