-- What serving orders cost, part by part, as it became known. An entry never changes; sent twice, it is one row under FINAL.
CREATE TABLE IF NOT EXISTS serve_cost_entry (
  entry_id UInt64 CODEC(Delta, ZSTD(1)),
  kind LowCardinality(String), -- work, label, packaging, payment_fee, return_work, return_label, refund_fee
  cause_id UUID, -- the event of the shipment or return, the entry in the ledger of fees
  order_id UUID,
  region LowCardinality(String), -- where the customer is
  currency LowCardinality(String), -- of the order
  business_day Date32 CODEC(Delta, ZSTD(1)), -- of what was done for the sale: its order's
  touchpoint LowCardinality(String),
  source LowCardinality(String),
  customer_id UUID, -- all zeros when nobody was named
  location_id UUID, -- all zeros where no location did it
  amount_minor Int64 CODEC(T64, ZSTD(1)) -- zero where it is in another currency
) ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, entry_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Its sums by day, region, touchpoint, source and kind: the row with the most entries holds.
CREATE TABLE IF NOT EXISTS serve_cost_day (
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  region LowCardinality(String),
  touchpoint LowCardinality(String),
  source LowCardinality(String),
  kind LowCardinality(String),
  cost Int64 CODEC(T64, ZSTD(1)),
  entries UInt64
) ENGINE = ReplacingMergeTree(entries)
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, touchpoint, source, kind)
SETTINGS non_replicated_deduplication_window = 10000;
