import { idOf } from '#platform/ids.ts';
import type { PastOrder, PastReturn } from '../modules/orders/index.ts';
import type { Mapping } from './mapping.ts';
import type { LineNames } from './products.ts';
import type { RowSpill, SpilledRow } from './spill.ts';
import type { DocumentFacts } from './survey.ts';

/** Some documents, whole. The same file under the same mapping always makes the same batches. */
export interface DocumentBatch {
  position: number;
  rowCount: number;
  documents: { facts: DocumentFacts; rows: SpilledRow[] }[];
}

export const BATCH_ROWS = 30_000;

/** Puts the rows of each document together, wherever they lie, in the order in which the documents end. */
export function* documentBatches(
  documents: readonly DocumentFacts[],
  spill: RowSpill,
): Generator<DocumentBatch> {
  let batch: DocumentBatch = { position: 1, rowCount: 0, documents: [] };
  const open = new Map<number, SpilledRow[]>();
  for (const row of spill.rows()) {
    const facts = documents[row.document];
    if (!facts) continue;
    let rows = open.get(row.document);
    if (!rows) open.set(row.document, (rows = []));
    rows.push(row);
    if (rows.length < facts.rows) continue;
    open.delete(row.document);
    batch.documents.push({ facts, rows });
    batch.rowCount += rows.length;
    if (batch.rowCount < BATCH_ROWS) continue;
    yield batch;
    batch = { position: batch.position + 1, rowCount: 0, documents: [] };
  }
  if (batch.rowCount > 0) yield batch;
}

export interface Naming {
  /** In the order of the survey's names. */
  lineNames: readonly LineNames[];
  customers: ReadonlyMap<string, string>;
}

/** What the ledger takes of a batch. */
export function pastDocuments(mapping: Mapping, { documents }: DocumentBatch, naming: Naming) {
  const orders: PastOrder[] = [];
  const returns: PastReturn[] = [];
  for (const { facts, rows } of documents) {
    const shared = sharedFacts(mapping, facts, naming);
    if (facts.isReturn) {
      const lines = rows.map((row) => returnLine(row, naming));
      returns.push({ ...shared, orderId: null, returnedAt: new Date(facts.at), lines });
    } else {
      const lines = rows.map((row) => orderLine(row, naming));
      orders.push({ ...shared, placedAt: new Date(facts.at), lines });
    }
  }
  return { orders, returns };
}

function sharedFacts(
  { source, prefix, currency, touchpoint }: Mapping,
  { number, isReturn, at, customer, region, day }: DocumentFacts,
  { customers }: Naming,
) {
  return {
    id: idOf(`${source}:${isReturn ? 'return' : 'order'}`, number, at),
    source,
    externalRef: number,
    number: prefix + number,
    customerId: customers.get(customer) ?? null,
    touchpoint,
    currency,
    regionCode: region,
    businessDay: day,
  };
}

function orderLine(row: SpilledRow, naming: Naming): PastOrder['lines'][number] {
  const { quantity, unitPriceMinor, netMinor, costMinor } = row;
  const { kind, productId, variantId, title } = named(row, naming);
  // What the price, rounded to the minor unit, says too much: the discount, and the rounding of the price.
  const discountMinor = quantity * unitPriceMinor - netMinor;
  const sold = { kind, productId, variantId, title, quantity, unitPriceMinor, discountMinor, netMinor };
  return costMinor === undefined ? sold : { ...sold, costMinor };
}

function returnLine(row: SpilledRow, naming: Naming): PastReturn['lines'][number] {
  const { kind, productId, variantId, title } = named(row, naming);
  // A credit note counts what went out; a return counts what came back.
  const [quantity, amountMinor] = [0 - row.quantity, 0 - row.netMinor];
  return { kind, productId, variantId, title, quantity, amountMinor, reason: '' };
}

function named({ name }: SpilledRow, { lineNames }: Naming): LineNames {
  const names = lineNames[name];
  if (!names) throw new RangeError(`there is no name ${name}`);
  return names;
}
