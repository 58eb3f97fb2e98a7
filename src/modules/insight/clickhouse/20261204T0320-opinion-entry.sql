-- What happened to each question of satisfaction: it was owed, it was mailed, it was answered. Of an answer that was changed
-- the highest version holds. No words and nobody's name are in it.
CREATE TABLE IF NOT EXISTS opinion_entry (
  version UInt64 CODEC(T64, ZSTD(1)),
  question_id UUID,
  kind LowCardinality(String), -- owed, mailed, answered
  occasion LowCardinality(String),
  scale LowCardinality(String),
  region LowCardinality(String), -- of the customer; empty where nobody knows it
  touchpoint LowCardinality(String),
  location_id UUID, -- the store or warehouse that had to do with it; all zeros where none had
  business_day Date32 CODEC(Delta, ZSTD(1)), -- of the occasion
  score Int16 CODEC(T64, ZSTD(1)) -- of an answer
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(business_day)
ORDER BY (business_day, question_id, kind)
SETTINGS non_replicated_deduplication_window = 10000;
