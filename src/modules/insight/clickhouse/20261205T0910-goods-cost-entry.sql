-- What the goods of orders cost whoever sold them, as it became known. An entry never changes; sent twice, it is one row
-- under FINAL.
CREATE TABLE IF NOT EXISTS goods_cost_entry (
  entry_id UInt64 CODEC(Delta, ZSTD(1)),
  kind LowCardinality(String), -- sent, back, spoilt
  document_id UUID, -- the shipment, the collection, the return
  order_id UUID,
  region LowCardinality(String), -- where the customer is
  currency LowCardinality(String), -- of the order
  business_day Date32 CODEC(Delta, ZSTD(1)), -- of what left: its order's
  touchpoint LowCardinality(String),
  source LowCardinality(String),
  product_id UUID,
  variant_id UUID,
  customer_id UUID, -- all zeros when nobody was named
  location_id UUID, -- all zeros when nobody said
  units Int64 CODEC(T64, ZSTD(1)), -- negative for what came back
  value_minor Int64 CODEC(T64, ZSTD(1)) -- zero where nobody knows it
) ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, entry_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Its sums by day, region, touchpoint and source: the row with the most entries holds.
CREATE TABLE IF NOT EXISTS goods_cost_day (
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  region LowCardinality(String),
  touchpoint LowCardinality(String),
  source LowCardinality(String),
  cost Int64 CODEC(T64, ZSTD(1)),
  spoilt Int64 CODEC(T64, ZSTD(1)),
  costed_units Int64 CODEC(T64, ZSTD(1)),
  entries UInt64
) ENGINE = ReplacingMergeTree(entries)
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, touchpoint, source)
SETTINGS non_replicated_deduplication_window = 10000;

-- The shelf that each product now stands on, as the slugs of its categories from the top; the highest version holds.
CREATE TABLE IF NOT EXISTS product_shelf (
  product_id UUID,
  path String,
  version UInt64
) ENGINE = ReplacingMergeTree(version)
ORDER BY product_id
SETTINGS non_replicated_deduplication_window = 10000;
