-- The same events once more, as one person's steps are asked for: all of a visitor's together, and all of a member's.
-- An event of a member's device stands here twice, under both. Bots and the ledgers' events are no steps.
CREATE TABLE IF NOT EXISTS event_step (
  walker UInt64, -- cityHash64 of the anonymous id, else of the user id; or of the member's id as text
  source_id UUID,
  mid UInt64,
  name LowCardinality(String),
  keyed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  touchpoint LowCardinality(String),
  anonymous_id String CODEC(ZSTD(1)),
  user_id String CODEC(ZSTD(1)),
  member_id UUID,
  customer_id UUID,
  visitor UInt64,
  consent Map(LowCardinality(String), Bool),
  product_id String CODEC(ZSTD(1)),
  order_id String CODEC(ZSTD(1)),
  url String CODEC(ZSTD(1)),
  earliness UInt64
) ENGINE = ReplacingMergeTree(earliness)
PARTITION BY toYYYYMM(keyed_at)
ORDER BY (walker, toDate(keyed_at), name, visitor, source_id, mid)
TTL toDateTime(occurred_at) + INTERVAL 25 MONTH DELETE
-- A person has some tens of steps: fewer rows are read to find them.
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS event_step_of_event TO event_step AS
SELECT
  arrayJoin(if(member_id = toUUID('00000000-0000-0000-0000-000000000000'), [visitor],
    arrayDistinct([visitor, cityHash64(toString(member_id))]))) AS walker,
  source_id, mid, name, keyed_at, occurred_at, touchpoint, anonymous_id, user_id, member_id, customer_id, visitor, consent,
  product_id, order_id, url, earliness
FROM event
WHERE kind != 'ledger' AND NOT is_bot;

INSERT INTO event_step
SELECT
  arrayJoin(if(member_id = toUUID('00000000-0000-0000-0000-000000000000'), [visitor],
    arrayDistinct([visitor, cityHash64(toString(member_id))]))) AS walker,
  source_id, mid, name, keyed_at, occurred_at, touchpoint, anonymous_id, user_id, member_id, customer_id, visitor, consent,
  product_id, order_id, url, earliness
FROM event
WHERE kind != 'ledger' AND NOT is_bot;
