-- The region that each location lies in; the highest version holds.
CREATE TABLE IF NOT EXISTS stock_place (
  location_id UUID,
  region LowCardinality(String),
  version UInt64
) ENGINE = ReplacingMergeTree(version)
ORDER BY location_id
SETTINGS non_replicated_deduplication_window = 10000;
