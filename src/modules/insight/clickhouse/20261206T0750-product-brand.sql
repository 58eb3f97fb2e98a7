-- Whose each product is, told with where it stands.
ALTER TABLE product_shelf ADD COLUMN IF NOT EXISTS brand_id UUID DEFAULT toUUID('00000000-0000-0000-0000-000000000000') AFTER path;
