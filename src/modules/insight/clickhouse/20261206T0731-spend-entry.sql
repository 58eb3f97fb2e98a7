-- What was spent to bring buyers, as its sources told it. An entry never changes; sent twice, it is one row under FINAL. There are few
-- of them, so no sums are kept.
CREATE TABLE IF NOT EXISTS spend_entry (
  entry_id UInt64 CODEC(Delta, ZSTD(1)),
  source LowCardinality(String),
  campaign String,
  region LowCardinality(String),
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  amount_minor Int64 CODEC(T64, ZSTD(1)) -- negative where it takes off what stood before
) ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, entry_id)
SETTINGS non_replicated_deduplication_window = 10000;
