-- The one stream: what clients say happened, and what our own ledgers say. A message that comes again has the same
-- key, whenever it comes: all of the key is made of what the client wrote itself, which is the same in a retry, and
-- nothing of it from when or how it arrived. Of several the one that was received first stays. Read it with FINAL.
CREATE TABLE IF NOT EXISTS event (
  source_id UUID, -- all zeros: our own ledgers
  message_id String CODEC(ZSTD(1)),
  mid UInt64 DEFAULT sipHash64(message_id),
  kind LowCardinality(String), -- track, page, screen, identify, group, alias, cloudevent, ledger
  name LowCardinality(String),
  version UInt16,
  keyed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)), -- the client's own word; 1970 where it has none
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)), -- the same, put right where the client's clock was far off
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  skew_ms Int64 CODEC(T64, ZSTD(1)), -- how far the client's clock was off, as far as it said when it sent
  touchpoint LowCardinality(String),
  anonymous_id String CODEC(ZSTD(1)),
  user_id String CODEC(ZSTD(1)), -- as the client says
  member_id UUID, -- as we know: all zeros where we do not
  customer_id UUID,
  organization_id String CODEC(ZSTD(1)),
  client_session_id String CODEC(ZSTD(1)),
  visitor UInt64 DEFAULT cityHash64(if(anonymous_id != '', anonymous_id, user_id)),
  region LowCardinality(String), -- of the market: empty where nothing tells
  cell UInt64, -- H3, resolution 6; 0 where nothing tells
  consent Map(LowCardinality(String), Bool),
  is_bot Bool,
  order_id String CODEC(ZSTD(1)),
  cart_id String CODEC(ZSTD(1)),
  product_id String CODEC(ZSTD(1)),
  variant_id String CODEC(ZSTD(1)),
  sku String CODEC(ZSTD(1)),
  quantity Int64 CODEC(T64, ZSTD(1)),
  price_minor Int64 CODEC(T64, ZSTD(1)), -- of one unit, as the client says: no ledger's figure is made of it
  amount_minor Int64 CODEC(T64, ZSTD(1)), -- of the whole
  currency LowCardinality(String),
  category String CODEC(ZSTD(1)),
  coupon String CODEC(ZSTD(1)),
  list_id String CODEC(ZSTD(1)),
  query String CODEC(ZSTD(1)),
  position Int64 CODEC(T64, ZSTD(1)),
  product_ids Array(String) CODEC(ZSTD(1)),
  product_quantities Array(Int64) CODEC(ZSTD(1)),
  url String CODEC(ZSTD(1)),
  referrer String CODEC(ZSTD(1)),
  properties String CODEC(ZSTD(3)),
  traits String CODEC(ZSTD(3)),
  context String CODEC(ZSTD(3)),
  -- ReplacingMergeTree keeps the highest.
  earliness UInt64 DEFAULT 9223372036854775807 - toUnixTimestamp64Milli(received_at),
  INDEX by_member member_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_user user_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_anonymous anonymous_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_order order_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_receipt received_at TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(earliness)
PARTITION BY toYYYYMM(keyed_at)
ORDER BY (name, toDate(keyed_at), visitor, source_id, mid)
TTL toDateTime(occurred_at) + INTERVAL 25 MONTH DELETE WHERE kind != 'ledger'
SETTINGS non_replicated_deduplication_window = 10000;

-- What arrived in each hour: a message that came twice arrived twice.
CREATE TABLE IF NOT EXISTS arrival_hour (
  source_id UUID,
  hour DateTime('UTC'),
  arrivals UInt64,
  bots UInt64
) ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (source_id, hour)
TTL hour + INTERVAL 25 MONTH DELETE
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrival_hour_of_event TO arrival_hour AS
SELECT source_id, toStartOfHour(received_at) AS hour, count() AS arrivals, countIf(is_bot) AS bots
FROM event GROUP BY source_id, hour;

-- What the follower of our own ledgers sends. Nothing is stored here.
CREATE TABLE IF NOT EXISTS ledger_event (
  id UUID, name LowCardinality(String), payload String, emitted_at String
) ENGINE = Null;

-- When it happened is in most payloads, else when it was written down. Either is the same each time it is sent.
CREATE MATERIALIZED VIEW IF NOT EXISTS event_of_ledger TO event AS
WITH
  JSONExtract(payload, 'Tuple(orderId String, customerId String, memberId String, organizationId String,
    touchpoint String, regionCode String, currency String, occurredAt String, amountMinor Int64,
    productId String, variantId String,
    lines Array(Tuple(kind String, productId String, variantId String, quantity Int64, netMinor Int64)))') AS fact,
  parseDateTime64BestEffortOrZero(emitted_at, 3, 'UTC') AS written_at,
  parseDateTime64BestEffortOrNull(fact.occurredAt, 3, 'UTC') AS said_at,
  arrayFilter(line -> line.kind = 'goods', fact.lines) AS goods
SELECT
  toUUID('00000000-0000-0000-0000-000000000000') AS source_id,
  toString(id) AS message_id,
  'ledger' AS kind,
  name,
  toUInt16OrZero(extract(name, '\\.v(\\d+)$')) AS version,
  coalesce(said_at, written_at) AS keyed_at,
  coalesce(said_at, written_at) AS occurred_at,
  written_at AS received_at,
  0 AS skew_ms,
  fact.touchpoint AS touchpoint,
  toUUIDOrZero(fact.memberId) AS member_id,
  toUUIDOrZero(fact.customerId) AS customer_id,
  fact.organizationId AS organization_id,
  fact.regionCode AS region,
  fact.orderId AS order_id,
  fact.productId AS product_id,
  fact.variantId AS variant_id,
  arraySum(line -> line.quantity, goods) AS quantity,
  if(empty(fact.lines), fact.amountMinor, arraySum(line -> line.netMinor, fact.lines)) AS amount_minor,
  fact.currency AS currency,
  arrayMap(line -> line.productId, goods) AS product_ids,
  arrayMap(line -> line.quantity, goods) AS product_quantities,
  payload AS properties
FROM ledger_event;

-- Sessions are found when they are asked for, so that an event that came late is in the right one: a visitor's
-- session ends with half an hour in which nothing of theirs happened. Ask a little more than is wanted: what
-- began before `from` is cut there.
CREATE VIEW IF NOT EXISTS session_event AS
SELECT *, sum(begins) OVER (PARTITION BY visitor ORDER BY occurred_at, mid) AS session_number
FROM (
  SELECT *, occurred_at > addMinutes(lagInFrame(occurred_at, 1, toDateTime64(0, 3, 'UTC'))
    OVER (PARTITION BY visitor ORDER BY occurred_at, mid ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), 30) AS begins
  FROM event FINAL
  WHERE kind != 'ledger' AND NOT is_bot AND occurred_at >= {from: DateTime64(3, 'UTC')}
    AND occurred_at < {until: DateTime64(3, 'UTC')}
);
