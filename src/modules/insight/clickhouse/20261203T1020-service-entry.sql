-- Lines of the parts of orders as they now are: the highest version holds. A part that comes to another day leaves a void
-- row on the one before.
CREATE TABLE IF NOT EXISTS service_entry (
  version UInt64 CODEC(Delta, ZSTD(1)),
  is_void Bool,
  part_id UUID,
  order_line_id UUID,
  order_id UUID,
  variant_id UUID,
  location_id UUID,
  region LowCardinality(String), -- of the customer
  touchpoint LowCardinality(String),
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)), -- on which the part was assigned
  order_day Date32 CODEC(Delta, ZSTD(1)),
  is_counted Bool,
  is_first Bool,
  is_expired Bool,
  first_promised_to Date32,
  promised_to Date32,
  is_gone Bool,
  gone_day Date32, -- days of what happened are UTC; what did not is on the last day there is
  is_done Bool,
  done_day Date32,
  is_damaged Bool,
  is_wrong Bool,
  waiting_units Int64 CODEC(T64, ZSTD(1)), -- of the whole order
  short_units Int64 CODEC(T64, ZSTD(1)), -- of the whole order
  part_rejected Int64 CODEC(T64, ZSTD(1)),
  quantity Int64 CODEC(T64, ZSTD(1)),
  rejected Int64 CODEC(T64, ZSTD(1)),
  cancelled Int64 CODEC(T64, ZSTD(1)),
  remaining Int64 CODEC(T64, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, location_id, part_id, order_line_id)
SETTINGS non_replicated_deduplication_window = 10000;
