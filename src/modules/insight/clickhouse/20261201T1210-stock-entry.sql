-- The ledger of stock: what changed the units on hand or what they cost. A position is the sum of all that came before.
CREATE TABLE IF NOT EXISTS stock_entry (
  movement_id UInt64,
  kind LowCardinality(String),
  location_id UUID,
  variant_id UUID,
  currency LowCardinality(String), -- the marketplace's own
  business_day Date32 CODEC(Delta, ZSTD(1)),
  on_hand Int64 CODEC(T64, ZSTD(1)),
  value_minor Int64 CODEC(T64, ZSTD(1))
) ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, location_id, movement_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS stock_day (
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  location_id UUID,
  moved Int64 CODEC(T64, ZSTD(1)),
  valued Int64 CODEC(T64, ZSTD(1)),
  received Int64 CODEC(T64, ZSTD(1)),
  transferred_in Int64 CODEC(T64, ZSTD(1)),
  transferred_out Int64 CODEC(T64, ZSTD(1)),
  shipped Int64 CODEC(T64, ZSTD(1)),
  returned Int64 CODEC(T64, ZSTD(1)),
  cost Int64 CODEC(T64, ZSTD(1)),
  entries UInt64 CODEC(T64, ZSTD(1))
) ENGINE = ReplacingMergeTree(entries)
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, location_id);
