import type { Static } from 'typebox';
import { sql } from 'kysely';
import { orderRecorded, returnRecorded } from '#events/orders.ts';
import type { BulkTx, CopyValue } from '#platform/bulk.ts';
import type { EventDefinition } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { totalsOf } from './totals.ts';
import type { ServeCostKind } from './serve-cost.ts';
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
  /** What all of its units cost whoever sold them, in the marketplace's currency; left out, nobody knows. */
  costMinor?: number;
}

/** An order that another system took. `id` is `idOf(`${source}:order`, externalRef, placedAt)`. */
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
  /** What serving it cost, each kind once; left out, nobody knows. */
  served?: readonly PastServing[];
}

export interface PastServing {
  kind: ServeCostKind;
  locationId: string | null;
  amountMinor: number;
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
  /** Of units that are for sale again: what they had cost. It needs the line of the order. */
  costMinor?: number;
}

/** A return that another system took. `id` is `idOf(`${source}:return`, externalRef, returnedAt)`. */
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
  /** What looking at it cost, each kind once, where it names its order. */
  served?: readonly PastServing[];
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

const SERVED_COLUMNS = 'kind cause_id order_id location_id currency amount_minor at'.split(' ');
const COST_COLUMNS = 'kind document_id order_id order_line_id location_id units value_minor at'.split(' ');

/**
 * Records orders of the past by COPY, for an import or the demo. An order whose (source, external_ref) exists
 * is left as it is, so a repeat changes nothing. Nobody is sent a receipt: only followers of the event table hear.
 */
export const recordOrders = (bulk: BulkTx, orders: readonly PastOrder[]): Promise<{ recorded: number }> =>
  record(bulk, ORDERS, orders);

/** Records returns of the past by COPY, under the same rules as `recordOrders`. */
export const recordReturns = (bulk: BulkTx, returns: readonly PastReturn[]): Promise<{ recorded: number }> =>
  record(bulk, RETURNS, returns);

/** How a kind of document lies in its tables and in the event that says so. */
interface Form<T extends PastDocument<Line>, Line, E extends EventDefinition> {
  table: 'orders.order' | 'orders.return';
  columns: readonly string[];
  rowOf: (document: T) => CopyValue[];
  lineTable: string;
  lineColumns: readonly string[];
  lineRowOf: (document: T, line: Line, lineId: string, position: number) => CopyValue[];
  /** None for a line whose cost nobody knows. */
  costRowOf: (document: T, line: Line, lineId: string) => CopyValue[] | undefined;
  event: E;
  timeOf: (document: T) => Date;
  orderIdOf: (document: T) => string | null;
  payloadOf: (document: T) => Static<E['schema']>;
}

async function record<T extends PastDocument<Line>, Line, E extends EventDefinition>(
  bulk: BulkTx,
  form: Form<T, Line, E>,
  documents: readonly T[],
): Promise<{ recorded: number }> {
  const { event } = form;
  const fresh = await unrecorded(bulk, form.table, documents);
  if (fresh.length === 0) return { recorded: 0 };
  await bulk.copy(form.table, form.columns, mapped(fresh, form.rowOf));
  await bulk.copy(form.lineTable, form.lineColumns, lineRows(fresh, form.lineRowOf));
  const costs = [...lineRows(fresh, form.costRowOf)];
  if (costs.length > 0) await bulk.copy('orders.goods_cost_entry', COST_COLUMNS, costs);
  const served = fresh.flatMap((document) =>
    servedRows(document, form.orderIdOf(document), form.timeOf(document)),
  );
  if (served.length > 0) await bulk.copy('orders.serve_cost_entry', SERVED_COLUMNS, served);
  const events = mapped(fresh, (document) => [
    idOf(event.name, document.id, form.timeOf(document).getTime()),
    event.name,
    JSON.stringify(form.payloadOf(document)),
  ]);
  await bulk.copy('platform.event', ['id', 'name', 'payload'], events);
  return { recorded: fresh.length };
}

/**
 * The id of a past document's line: the document's own, counted on. Made without hashing, because an import
 * makes hundreds of thousands; a review of a past purchase finds its line by it.
 */
export const pastLineId = (documentId: string, position: number): string => lineIds(documentId)(position);

function lineIds(documentId: string): (position: number) => string {
  const start = documentId.slice(0, 28);
  const count = Number.parseInt(documentId.slice(28), 16);
  return (position) => start + ((count + position) >>> 0).toString(16).padStart(8, '0');
}

interface PastDocument<Line = unknown> {
  id: string;
  source: string;
  externalRef: string;
  currency: string;
  lines: readonly Line[];
  served?: readonly PastServing[];
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

function* lineRows<Line, T extends PastDocument<Line>>(
  documents: readonly T[],
  rowOf: (document: T, line: Line, lineId: string, position: number) => CopyValue[] | undefined,
): Iterable<CopyValue[]> {
  for (const document of documents) {
    const idOfLine = lineIds(document.id);
    let position = 0;
    for (const line of document.lines) {
      position += 1;
      const row = rowOf(document, line, idOfLine(position), position);
      if (row) yield row;
    }
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

const orderLineRow = (order: PastOrder, line: PastLine, lineId: string, position: number): CopyValue[] => [
  lineId,
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

function orderCostRow(order: PastOrder, line: PastLine, lineId: string): CopyValue[] | undefined {
  const { kind, quantity, costMinor, locationId = null } = line;
  if (kind !== 'goods' || costMinor === undefined) return undefined;
  return ['sent', order.id, order.id, lineId, locationId, quantity, costMinor, order.placedAt];
}

function servedRows(
  { id, currency, served = [] }: PastDocument,
  orderId: string | null,
  at: Date,
): CopyValue[][] {
  if (orderId === null) return [];
  return served
    .filter(({ amountMinor }) => amountMinor !== 0)
    .map(({ kind, locationId, amountMinor }) => [kind, id, orderId, locationId, currency, amountMinor, at]);
}

function returnCostRow({ id, orderId, returnedAt }: PastReturn, line: PastReturnLine) {
  const { orderLineId, quantity, costMinor } = line;
  if (!orderId || !orderLineId || costMinor === undefined) return undefined;
  return ['back', id, orderId, orderLineId, null, -quantity, costMinor === 0 ? 0 : -costMinor, returnedAt];
}

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

const returnLineRow = (
  document: PastReturn,
  line: PastReturnLine,
  lineId: string,
  position: number,
): CopyValue[] => [
  lineId,
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

const documentFacts = (document: PastOrder | PastReturn, occurredAt: Date) => ({
  number: document.number,
  customerId: document.customerId,
  touchpoint: document.touchpoint,
  regionCode: document.regionCode,
  currency: document.currency,
  businessDay: document.businessDay,
  occurredAt: occurredAt.toISOString(),
  source: document.source,
});

function orderPayload(order: PastOrder): Static<typeof orderRecorded.schema> {
  const idOfLine = lineIds(order.id);
  const lines = order.lines.map((line, index) => ({
    lineId: idOfLine(index + 1),
    kind: line.kind,
    productId: line.productId,
    variantId: line.variantId,
    quantity: line.quantity,
    // From what was taken, not from the price: a price of the past may have had more decimals than its currency.
    grossMinor: line.netMinor + line.discountMinor,
    discountMinor: line.discountMinor,
    netMinor: line.netMinor,
  }));
  return { orderId: order.id, ...documentFacts(order, order.placedAt), lines };
}

function returnPayload(document: PastReturn): Static<typeof returnRecorded.schema> {
  const idOfLine = lineIds(document.id);
  const lines = document.lines.map((line, index) => ({
    lineId: idOfLine(index + 1),
    kind: line.kind,
    productId: line.productId,
    variantId: line.variantId,
    quantity: line.quantity,
    grossMinor: line.amountMinor,
    discountMinor: 0,
    netMinor: line.amountMinor,
    ...(line.orderLineId && { orderLineId: line.orderLineId }),
  }));
  const { id: returnId, orderId } = document;
  return { returnId, orderId, ...documentFacts(document, document.returnedAt), lines };
}

const ORDERS: Form<PastOrder, PastLine, typeof orderRecorded> = {
  table: 'orders.order',
  columns: ORDER_COLUMNS,
  rowOf: orderRow,
  lineTable: 'orders.order_line',
  lineColumns: LINE_COLUMNS,
  lineRowOf: orderLineRow,
  costRowOf: orderCostRow,
  event: orderRecorded,
  timeOf: ({ placedAt }) => placedAt,
  orderIdOf: ({ id }) => id,
  payloadOf: orderPayload,
};
const RETURNS: Form<PastReturn, PastReturnLine, typeof returnRecorded> = {
  table: 'orders.return',
  columns: RETURN_COLUMNS,
  rowOf: returnRow,
  lineTable: 'orders.return_line',
  lineColumns: RETURN_LINE_COLUMNS,
  lineRowOf: returnLineRow,
  costRowOf: returnCostRow,
  event: returnRecorded,
  timeOf: ({ returnedAt }) => returnedAt,
  orderIdOf: ({ orderId }) => orderId,
  payloadOf: returnPayload,
};
