-- Units of an order that were let go before they were sent: signed as a return's are, and told apart from them.
ALTER TABLE sale_entry ADD COLUMN IF NOT EXISTS is_cancellation Bool DEFAULT false AFTER is_return;

ALTER TABLE sale_entry_of_order_event MODIFY QUERY
WITH
  name = 'orders.return_recorded.v1' AS is_return,
  name = 'orders.units_cancelled.v1' AS is_cancellation,
  if(is_return OR is_cancellation, -1, 1) AS sign,
  JSONExtract(
    payload,
    'Tuple(orderId UUID, returnId UUID, cancellationId UUID, customerId UUID, touchpoint String, regionCode String,
      currency String, businessDay Date32, occurredAt String, source String, lines Array(Tuple(lineId UUID,
      kind String, productId UUID, variantId UUID, quantity Int64, grossMinor Int64, discountMinor Int64,
      netMinor Int64)))'
  ) AS document,
  arrayJoin(document.lines) AS line
SELECT
  line.lineId AS entry_id,
  multiIf(is_return, document.returnId, is_cancellation, document.cancellationId, document.orderId) AS document_id,
  document.orderId AS order_id,
  is_return,
  is_cancellation,
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
