-- Each contact with staff, and how it stands to those about the same matter within seven days of it. Of a contact that is
-- told again the version says how many those were: contacts are never fewer, so the highest is how it stands.
CREATE TABLE IF NOT EXISTS contact_entry (
  version UInt64 CODEC(T64, ZSTD(1)),
  contact_id UUID,
  matter LowCardinality(String),
  region LowCardinality(String), -- of the customer
  touchpoint LowCardinality(String), -- by which they came
  location_id UUID, -- the store that had to do with it; all zeros where none had
  business_day Date32 CODEC(Delta, ZSTD(1)), -- of the contact
  week_ends_on Date32 CODEC(Delta, ZSTD(1)), -- the day, by UTC, on which seven days have gone by
  begins Bool, -- no contact about it in the seven days before: a matter begins
  is_repeated Bool -- another one about it in the seven days after
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(business_day)
ORDER BY (business_day, contact_id)
SETTINGS non_replicated_deduplication_window = 10000;
