import type { Static } from 'typebox';
import { sql } from 'kysely';
import { orderRecorded, returnRecorded } from '#events/orders.ts';
import type { BulkTx, CopyValue } from '#platform/bulk.ts';
import type { EventDefinition } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { totalsOf } from './totals.ts';
import type { OrdersLineKind } from './tables.ts';

export interface PastLine {
  kind: OrdersLineKind;
  productId: string | null;
  variantId: string | null;
  title: string;
  options?: string;
  quantity: number;
  unitPriceMinor: number;
  discountMinor: number;
  netMinor: number;
  locationId?: string | null;
}

/** An order that another system took. `id` is `idOf(`${source}:order`, externalRef)`. */
export interface PastOrder {
  id: string;
  source: string;
  externalRef: string;
  number: string;
  customerId: string | null;
  touchpoint: string;
  currency: string;
  regionCode: string;
  placedAt: Date;
  businessDay: string;
  lines: readonly PastLine[];
}

export interface PastReturnLine {
  kind: OrdersLineKind;
  productId: string | null;
  variantId: string | null;
  title: string;
  quantity: number;
  amountMinor: number;
  reason: string;
  orderLineId?: string | null;
}

/** A return that another system took. `id` is `idOf(`${source}:return`, externalRef)`. */
export interface PastReturn {
  id: string;
  source: string;
  externalRef: string;
  number: string;
  orderId: string | null;
  customerId: string | null;
  touchpoint: string;
  currency: string;
  regionCode: string;
  returnedAt: Date;
  businessDay: string;
  lines: readonly PastReturnLine[];
}

const ORDER_COLUMNS =
  'id number customer_id state touchpoint currency region_code placed_at business_day goods_minor postage_minor other_minor total_minor source external_ref'.split(
    ' ',
  );
const LINE_COLUMNS =
  'id order_id position kind product_id variant_id title options quantity unit_price_minor discount_minor net_minor location_id'.split(
    ' ',
  );
const RETURN_COLUMNS =
  'id number order_id customer_id touchpoint currency region_code returned_at business_day total_minor source external_ref'.split(
    ' ',
  );
const RETURN_LINE_COLUMNS =
  'id return_id position order_line_id kind product_id variant_id title quantity amount_minor reason'.split(
    ' ',
  );

/**
 * Records orders of the past by COPY, for an import or the demo. An order whose (source, external_ref) exists
 * is left as it is, so a repeat changes nothing. Nobody is sent a receipt: only followers of the event table hear.
 */
export async function recordOrders(
  bulk: BulkTx,
  orders: readonly PastOrder[],
): Promise<{ recorded: number }> {
  const fresh = await unrecorded(bulk, 'orders.order', orders);
  if (fresh.length === 0) return { recorded: 0 };
  await bulk.copy('orders.order', ORDER_COLUMNS, mapped(fresh, orderRow));
  await bulk.copy('orders.order_line', LINE_COLUMNS, lineRows(fresh, orderLineRow));
  await copyEvents(bulk, orderRecorded, fresh, orderPayload);
  return { recorded: fresh.length };
}

/** Records returns of the past by COPY, under the same rules as `recordOrders`. */
export async function recordReturns(
  bulk: BulkTx,
  returns: readonly PastReturn[],
): Promise<{ recorded: number }> {
  const fresh = await unrecorded(bulk, 'orders.return', returns);
  if (fresh.length === 0) return { recorded: 0 };
  await bulk.copy('orders.return', RETURN_COLUMNS, mapped(fresh, returnRow));
  await bulk.copy('orders.return_line', RETURN_LINE_COLUMNS, lineRows(fresh, returnLineRow));
  await copyEvents(bulk, returnRecorded, fresh, returnPayload);
  return { recorded: fresh.length };
}

/**
 * The id of a past document's line: the document's own, counted on. Made without hashing, because an import
 * makes hundreds of thousands; a review of a past purchase finds its line by it.
 */
export function pastLineId(documentId: string, position: number): string {
  const last = (Number.parseInt(documentId.slice(28), 16) + position) >>> 0;
  return documentId.slice(0, 28) + last.toString(16).padStart(8, '0');
}

interface PastDocument {
  id: string;
  source: string;
  externalRef: string;
}

/** Those that the table does not hold yet, each once, in the order of their ids: indexes then fill from left to right. */
async function unrecorded<T extends PastDocument>(
  { tx }: BulkTx,
  table: 'orders.order' | 'orders.return',
  documents: readonly T[],
): Promise<T[]> {
  const fresh = new Map<string, T>();
  for (const [source, ofSource] of Map.groupBy(documents, (document) => document.source)) {
    const refs = ofSource.map(({ externalRef }) => externalRef);
    const { rows } = await sql<{ ref: string }>`
      select external_ref as ref from ${sql.table(table)}
      where source = ${source} and external_ref = any(${refs}::text[])`.execute(tx);
    const known = new Set(rows.map(({ ref }) => ref));
    for (const document of ofSource) if (!known.has(document.externalRef)) fresh.set(document.id, document);
  }
  return [...fresh.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function* mapped<T>(documents: readonly T[], rowOf: (document: T) => CopyValue[]): Iterable<CopyValue[]> {
  for (const document of documents) yield rowOf(document);
}

function* lineRows<Line, T extends { lines: readonly Line[] }>(
  documents: readonly T[],
  rowOf: (document: T, line: Line, position: number) => CopyValue[],
): Iterable<CopyValue[]> {
  for (const document of documents) {
    let position = 0;
    for (const line of document.lines) yield rowOf(document, line, ++position);
  }
}

function orderRow(order: PastOrder): CopyValue[] {
  const { goodsMinor, postageMinor, otherMinor, totalMinor } = totalsOf(order.lines);
  return [
    order.id,
    order.number,
    order.customerId,
    'paid',
    order.touchpoint,
    order.currency,
    order.regionCode,
    order.placedAt,
    order.businessDay,
    goodsMinor,
    postageMinor,
    otherMinor,
    totalMinor,
    order.source,
    order.externalRef,
  ];
}

const orderLineRow = (order: PastOrder, line: PastLine, position: number): CopyValue[] => [
  pastLineId(order.id, position),
  order.id,
  position,
  line.kind,
  line.productId,
  line.variantId,
  line.title,
  line.options ?? '',
  line.quantity,
  line.unitPriceMinor,
  line.discountMinor,
  line.netMinor,
  line.locationId ?? null,
];

function returnRow(document: PastReturn): CopyValue[] {
  return [
    document.id,
    document.number,
    document.orderId,
    document.customerId,
    document.touchpoint,
    document.currency,
    document.regionCode,
    document.returnedAt,
    document.businessDay,
    document.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    document.source,
    document.externalRef,
  ];
}

const returnLineRow = (document: PastReturn, line: PastReturnLine, position: number): CopyValue[] => [
  pastLineId(document.id, position),
  document.id,
  position,
  line.orderLineId ?? null,
  line.kind,
  line.productId,
  line.variantId,
  line.title,
  line.quantity,
  line.amountMinor,
  line.reason,
];

async function copyEvents<T extends PastDocument, E extends EventDefinition>(
  bulk: BulkTx,
  event: E,
  documents: readonly T[],
  payloadOf: (document: T) => Static<E['schema']>,
): Promise<void> {
  const rows = mapped(documents, (document) => [
    idOf(event.name, document.id),
    event.name,
    JSON.stringify(payloadOf(document)),
  ]);
  await bulk.copy('platform.event', ['id', 'name', 'payload'], rows);
}

const orderPayload = (order: PastOrder): Static<typeof orderRecorded.schema> => ({
  orderId: order.id,
  number: order.number,
  customerId: order.customerId,
  touchpoint: order.touchpoint,
  regionCode: order.regionCode,
  currency: order.currency,
  businessDay: order.businessDay,
  occurredAt: order.placedAt.toISOString(),
  source: order.source,
  lines: order.lines.map((line, index) => ({
    lineId: pastLineId(order.id, index + 1),
    kind: line.kind,
    productId: line.productId,
    variantId: line.variantId,
    quantity: line.quantity,
    // From what was taken, not from the price: a price of the past may have had more decimals than its currency.
    grossMinor: line.netMinor + line.discountMinor,
    discountMinor: line.discountMinor,
    netMinor: line.netMinor,
  })),
});

const returnPayload = (document: PastReturn): Static<typeof returnRecorded.schema> => ({
  returnId: document.id,
  orderId: document.orderId,
  number: document.number,
  customerId: document.customerId,
  touchpoint: document.touchpoint,
  regionCode: document.regionCode,
  currency: document.currency,
  businessDay: document.businessDay,
  occurredAt: document.returnedAt.toISOString(),
  source: document.source,
  lines: document.lines.map((line, index) => ({
    lineId: pastLineId(document.id, index + 1),
    kind: line.kind,
    productId: line.productId,
    variantId: line.variantId,
    quantity: line.quantity,
    grossMinor: line.amountMinor,
    discountMinor: 0,
    netMinor: line.amountMinor,
  })),
});
