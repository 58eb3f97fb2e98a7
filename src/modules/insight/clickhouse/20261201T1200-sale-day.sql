-- What the ledger of sales adds up to, by all that is asked for most: kept as entries come, so that a question costs by
-- its days and not by what is stored. Rows are computed anew from the ledger for each day and region that entries came
-- to. Entries are never taken away, so of two versions of a row the one of more entries is the newer one, whenever and
-- by whomever it was written.
CREATE TABLE IF NOT EXISTS sale_day (
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  region LowCardinality(String),
  touchpoint LowCardinality(String),
  source LowCardinality(String),
  net Int64 CODEC(T64, ZSTD(1)),
  gross Int64 CODEC(T64, ZSTD(1)),
  discounts Int64 CODEC(T64, ZSTD(1)),
  returns Int64 CODEC(T64, ZSTD(1)),
  cancellations Int64 CODEC(T64, ZSTD(1)),
  orders Int64 CODEC(T64, ZSTD(1)),
  units Int64 CODEC(T64, ZSTD(1)),
  returned_units Int64 CODEC(T64, ZSTD(1)),
  cancelled_units Int64 CODEC(T64, ZSTD(1)),
  postage Int64 CODEC(T64, ZSTD(1)),
  fees Int64 CODEC(T64, ZSTD(1)),
  vouchers Int64 CODEC(T64, ZSTD(1)),
  adjustments Int64 CODEC(T64, ZSTD(1)),
  invoiced Int64 CODEC(T64, ZSTD(1)),
  entries UInt64 CODEC(T64, ZSTD(1))
) ENGINE = ReplacingMergeTree(entries)
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, touchpoint, source);

-- The ledger of credits: market.sale_credit as it is in PostgreSQL, where a mistake is corrected by further rows.
CREATE TABLE IF NOT EXISTS credit_entry (
  credit_id UInt64,
  kind LowCardinality(String), -- regional, fulfilment, associate
  sale_id UUID,
  line_id UUID,
  location_id UUID, -- all zeros where no territory claims the region, and of associates
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  region LowCardinality(String), -- empty of fulfilment credits
  amount_minor Int64 CODEC(T64, ZSTD(1))
) ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, credit_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS credit_day (
  currency LowCardinality(String),
  business_day Date32 CODEC(Delta, ZSTD(1)),
  region LowCardinality(String),
  location_id UUID,
  regional Int64 CODEC(T64, ZSTD(1)),
  assigned Int64 CODEC(T64, ZSTD(1)),
  fulfilment Int64 CODEC(T64, ZSTD(1)),
  associate Int64 CODEC(T64, ZSTD(1)),
  entries UInt64 CODEC(T64, ZSTD(1))
) ENGINE = ReplacingMergeTree(entries)
PARTITION BY toYear(business_day)
ORDER BY (currency, business_day, region, location_id);

-- What the ledger has already.
INSERT INTO sale_day
SELECT currency, business_day, region, touchpoint, source,
  sum(if(kind IN ('goods', 'discount'), net_minor, 0)),
  sum(if(kind = 'goods' AND NOT is_return AND NOT is_cancellation, gross_minor, 0)),
  sum(if(kind = 'goods' AND NOT is_return AND NOT is_cancellation, discount_minor, 0)
    - if(kind = 'discount', net_minor, 0)),
  sum(if(kind = 'goods' AND is_return, -net_minor, 0)),
  sum(if(kind = 'goods' AND is_cancellation, -net_minor, 0)),
  uniqExactIf(order_id, kind = 'goods' AND NOT is_return AND NOT is_cancellation),
  sum(if(kind = 'goods' AND NOT is_return AND NOT is_cancellation, units, 0)),
  sum(if(kind = 'goods' AND is_return, -units, 0)),
  sum(if(kind = 'goods' AND is_cancellation, -units, 0)),
  sum(if(kind = 'postage', net_minor, 0)),
  sum(if(kind = 'fee', net_minor, 0)),
  sum(if(kind = 'voucher', net_minor, 0)),
  sum(if(kind = 'adjustment', net_minor, 0)),
  sum(net_minor),
  count()
FROM sale_entry FINAL
GROUP BY currency, business_day, region, touchpoint, source;
