-- Serves whoever speaks for a brand: what is asked and said of its products.
create index product_of_brand on catalog.product (brand_id) where brand_id is not null;
