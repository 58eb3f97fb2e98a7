import { sql } from 'kysely';
import type { BulkTx } from '#platform/bulk.ts';
import { idOf } from '#platform/ids.ts';
import { MANUAL } from './carriers.ts';

/** A part of an order of the past that is with its buyer. */
export interface RecordedPart {
  id: string;
  orderId: string;
  locationId: string;
  regionCode: string;
  touchpoint: string;
  currency: string;
  placedAt: Date;
  shippedAt: Date;
  deliveredAt: Date;
  /** `YYYY-MM-DD`, as the buyer was told. */
  promisedFrom: string;
  promisedTo: string;
  trackingNumber: string;
  weightGrams: number;
  lines: readonly { orderLineId: string; variantId: string; quantity: number }[];
}

const PART_COLUMNS =
  'id order_id location_id state leaves_on first_promised_from first_promised_to promised_from promised_to accept_by is_first placed_at assigned_at accepted_at picked_at packed_at shipped_at delivered_at region_code touchpoint currency'.split(
    ' ',
  );
const LINE_COLUMNS = ['fulfilment_order_id', 'order_line_id', 'variant_id', 'quantity'];
const SHIPMENT_COLUMNS =
  'id fulfilment_order_id order_id location_id carrier state asked_at shipped_at delivered_at'.split(' ');
const PARCEL_COLUMNS = ['shipment_id', 'position', 'weight_grams', 'tracking_number'];
const ACCEPT_MS = 24 * 3_600_000;

/**
 * Records what locations sent of orders of the past, by COPY, for an import or the demo. A part that is there stays as it
 * is, so a repeat changes nothing. Nobody is told, and no stock moves: the ledger of service alone hears of it.
 */
export async function recordParts(
  bulk: BulkTx,
  parts: readonly RecordedPart[],
): Promise<{ recorded: number }> {
  const { rows } = await sql<{ id: string }>`
    select id from fulfilment.fulfilment_order where id = any(${parts.map(({ id }) => id)}::uuid[])`.execute(
    bulk.tx,
  );
  const known = new Set(rows.map(({ id }) => id));
  const fresh = parts.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return { recorded: 0 };
  await bulk.copy('fulfilment.fulfilment_order', PART_COLUMNS, fresh.map(partRow));
  await bulk.copy(
    'fulfilment.fulfilment_order_line',
    LINE_COLUMNS,
    fresh.flatMap(({ id, lines }) =>
      lines.map(({ orderLineId, variantId, quantity }) => [id, orderLineId, variantId, quantity]),
    ),
  );
  await bulk.copy(
    'fulfilment.shipment',
    SHIPMENT_COLUMNS,
    fresh.map((part) => [
      shipmentId(part),
      part.id,
      part.orderId,
      part.locationId,
      MANUAL,
      'delivered',
      part.shippedAt,
      part.shippedAt,
      part.deliveredAt,
    ]),
  );
  await bulk.copy(
    'fulfilment.parcel',
    PARCEL_COLUMNS,
    fresh.map((part) => [shipmentId(part), 1, part.weightGrams, part.trackingNumber]),
  );
  return { recorded: fresh.length };
}

const shipmentId = ({ id, shippedAt }: RecordedPart) => idOf('shipment', id, shippedAt.getTime());

function partRow(part: RecordedPart) {
  const { id, orderId, locationId, placedAt, shippedAt, deliveredAt, promisedFrom, promisedTo } = part;
  const leavesOn = shippedAt.toISOString().slice(0, 10);
  const acceptBy = new Date(placedAt.getTime() + ACCEPT_MS);
  const promises = [promisedFrom, promisedTo, promisedFrom, promisedTo];
  const worked = [placedAt, placedAt, placedAt, shippedAt, shippedAt, shippedAt, deliveredAt];
  const sold = [part.regionCode, part.touchpoint, part.currency];
  return [id, orderId, locationId, 'delivered', leavesOn, ...promises, acceptBy, true, ...worked, ...sold];
}
