-- Whose each product is, told with where it stands.
alter table insight.product_shelf add brand_id uuid not null default '00000000-0000-0000-0000-000000000000';
