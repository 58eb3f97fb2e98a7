-- The ledger of sales as the numbers know it: one row for each line of an order or a return, signed, so that
-- every figure is a sum. A return's amounts and units are negative. An entry never changes; sent twice, it is
-- one row under FINAL, because all that its key is made of comes from the same event.
CREATE TABLE IF NOT EXISTS sale_entry (
  entry_id UUID,
  document_id UUID,
  order_id UUID, -- of a return: the order it came from, all zeros when it names none
  is_return Bool,
  kind LowCardinality(String), -- goods, postage, discount, fee, voucher, adjustment
  region LowCardinality(String), -- where the customer is
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)), -- in the retailer's time zone
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  touchpoint LowCardinality(String),
  source LowCardinality(String),
  product_id UUID, -- all zeros for what is not goods
  variant_id UUID,
  customer_id UUID, -- all zeros when nobody was named
  units Int64 CODEC(T64, ZSTD(1)),
  gross_minor Int64 CODEC(T64, ZSTD(1)), -- units × unit price, in the currency's minor unit
  discount_minor Int64 CODEC(T64, ZSTD(1)),
  net_minor Int64 CODEC(T64, ZSTD(1)) -- gross − discount
) ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, entry_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- What the follower sends: the event's payload as PostgreSQL wrote it, encoded once. Nothing is stored here.
CREATE TABLE IF NOT EXISTS order_event (event_id UUID, name LowCardinality(String), payload String) ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS sale_entry_of_order_event TO sale_entry AS
WITH
  name = 'orders.return_recorded.v1' AS is_return,
  if(is_return, -1, 1) AS sign,
  JSONExtract(
    payload,
    'Tuple(orderId UUID, returnId UUID, customerId UUID, touchpoint String, regionCode String, currency String,
      businessDay Date32, occurredAt String, source String, lines Array(Tuple(lineId UUID, kind String,
      productId UUID, variantId UUID, quantity Int64, grossMinor Int64, discountMinor Int64, netMinor Int64)))'
  ) AS document,
  arrayJoin(document.lines) AS line
SELECT
  line.lineId AS entry_id,
  if(is_return, document.returnId, document.orderId) AS document_id,
  document.orderId AS order_id,
  is_return,
  line.kind AS kind,
  document.regionCode AS region,
  document.currency AS currency,
  document.businessDay AS business_day,
  parseDateTime64BestEffortOrZero(document.occurredAt, 3, 'UTC') AS occurred_at,
  document.touchpoint AS touchpoint,
  document.source AS source,
  line.productId AS product_id,
  line.variantId AS variant_id,
  document.customerId AS customer_id,
  sign * line.quantity AS units,
  sign * line.grossMinor AS gross_minor,
  sign * line.discountMinor AS discount_minor,
  sign * line.netMinor AS net_minor
FROM order_event;
