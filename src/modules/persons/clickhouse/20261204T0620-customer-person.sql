-- Whose a customer is who is, or was, one person with another. All others are persons of their own.
CREATE TABLE IF NOT EXISTS customer_person (
  customer_id UUID,
  person_id UUID,
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY customer_id
SETTINGS non_replicated_deduplication_window = 1000;
