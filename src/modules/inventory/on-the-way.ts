import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface TransferSummary {
  id: string;
  fromLocationId: string;
  toLocationId: string;
  sentAt: Date;
  /** YYYY-MM-DD */
  expectedOn: string;
  receivedAt: Date | null;
  note: string;
  units: number;
  valueMinor: number;
  /** Null while it is on its way. */
  receivedUnits: number | null;
}

export interface TransferLine {
  variantId: string;
  quantity: number;
  valueMinor: number;
  receivedQuantity: number | null;
}

export interface PurchaseSummary {
  id: string;
  number: string;
  supplier: string;
  locationId: string;
  /** YYYY-MM-DD */
  expectedOn: string;
  closedAt: Date | null;
  units: number;
  receivedUnits: number;
  /** What was agreed, without freight and duty. */
  costMinor: number;
}

export interface PurchaseLine {
  variantId: string;
  quantity: number;
  unitCostMinor: number;
  receivedQuantity: number;
}

/** Which part of a list is wanted. */
interface Paging {
  limit: number;
  cursor?: string | undefined;
}

/** How a cursor of these lists looks: the moment of the last row shown, and its id. */
export const LIST_CURSOR = '^\\d{1,13}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

function afterIn(cursor: string | undefined): { at: Date; day: string; id: string } | undefined {
  const [ms, id] = cursor?.split('_') ?? [];
  if (ms === undefined || id === undefined) return undefined;
  const at = new Date(Number(ms));
  return { at, day: at.toISOString().slice(0, 10), id };
}

/** As many as are wanted of the rows, one more of which was asked for, and where the next page begins. */
function pageOf<Row extends { id: string }>(
  rows: readonly Row[],
  { limit }: Paging,
  momentOf: (row: Row) => number,
): { rows: Row[]; cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, cursor: rows.length > limit && last ? `${momentOf(last)}_${last.id}` : null };
}

const TRANSFER = sql`
  select transfer.id, from_location_id as "fromLocationId", to_location_id as "toLocationId", sent_at as "sentAt",
    expected_on as "expectedOn", received_at as "receivedAt", note, sum(line.quantity)::integer as units,
    sum(line.value_minor)::bigint as "valueMinor", sum(line.received_quantity)::integer as "receivedUnits"
  from inventory.transfer join inventory.transfer_line as line on line.transfer_id = transfer.id`;

/** Transfers on their way, the one expected first on top; or those that have come, the newest first. */
export async function transfersOf(
  db: Db,
  state: 'sent' | 'received',
  paging: Paging,
): Promise<{ transfers: TransferSummary[]; cursor: string | null }> {
  const after = afterIn(paging.cursor);
  const [order, next] =
    state === 'sent'
      ? [
          sql`expected_on, transfer.id`,
          sql`(expected_on, id) > (${after?.day ?? null}::date, ${after?.id ?? null}::uuid)`,
        ]
      : [
          sql`received_at desc, transfer.id desc`,
          sql`(received_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid)`,
        ];
  const { rows } = await sql<TransferSummary>`
    ${TRANSFER} where transfer.id in (
      select id from inventory.transfer where state = ${state} and (${after === undefined}::boolean or ${next})
      order by ${order} limit ${paging.limit + 1}
    ) group by transfer.id order by ${order}`.execute(db);
  const page = pageOf(
    rows,
    paging,
    ({ expectedOn, receivedAt }) => receivedAt?.getTime() ?? Date.parse(expectedOn),
  );
  return { transfers: page.rows, cursor: page.cursor };
}

export async function transferById(
  db: Db,
  id: string,
): Promise<(TransferSummary & { lines: TransferLine[] }) | undefined> {
  const { rows } =
    await sql<TransferSummary>`${TRANSFER} where transfer.id = ${id} group by transfer.id`.execute(db);
  const [transfer] = rows;
  if (!transfer) return undefined;
  const lines = await sql<TransferLine>`
    select variant_id as "variantId", quantity, value_minor as "valueMinor", received_quantity as "receivedQuantity"
    from inventory.transfer_line where transfer_id = ${id} order by variant_id`.execute(db);
  return { ...transfer, lines: lines.rows };
}

const PURCHASE = sql`
  select purchase.id, number, supplier, location_id as "locationId", expected_on as "expectedOn",
    closed_at as "closedAt", sum(line.quantity)::integer as units,
    sum(line.received_quantity)::integer as "receivedUnits",
    sum(line.quantity * line.unit_cost_minor)::bigint as "costMinor"
  from inventory.purchase join inventory.purchase_line as line on line.purchase_id = purchase.id`;

/** Purchases of which more is expected, the soonest first; or those that are closed, the newest first. */
export async function purchasesOf(
  db: Db,
  state: 'open' | 'closed',
  paging: Paging,
): Promise<{ purchases: PurchaseSummary[]; cursor: string | null }> {
  const after = afterIn(paging.cursor);
  const [where, order, next] =
    state === 'open'
      ? [
          sql`closed_at is null`,
          sql`expected_on, purchase.id`,
          sql`(expected_on, id) > (${after?.day ?? null}::date, ${after?.id ?? null}::uuid)`,
        ]
      : [
          sql`closed_at is not null`,
          sql`closed_at desc, purchase.id desc`,
          sql`(closed_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid)`,
        ];
  const { rows } = await sql<PurchaseSummary>`
    ${PURCHASE} where purchase.id in (
      select id from inventory.purchase where ${where} and (${after === undefined}::boolean or ${next})
      order by ${order} limit ${paging.limit + 1}
    ) group by purchase.id order by ${order}`.execute(db);
  const page = pageOf(
    rows,
    paging,
    ({ expectedOn, closedAt }) => closedAt?.getTime() ?? Date.parse(expectedOn),
  );
  return { purchases: page.rows, cursor: page.cursor };
}

export async function purchaseById(
  db: Db,
  id: string,
): Promise<(PurchaseSummary & { lines: PurchaseLine[] }) | undefined> {
  const { rows } =
    await sql<PurchaseSummary>`${PURCHASE} where purchase.id = ${id} group by purchase.id`.execute(db);
  const [purchase] = rows;
  if (!purchase) return undefined;
  const lines = await sql<PurchaseLine>`
    select variant_id as "variantId", quantity, unit_cost_minor as "unitCostMinor",
      received_quantity as "receivedQuantity"
    from inventory.purchase_line where purchase_id = ${id} order by variant_id`.execute(db);
  return { ...purchase, lines: lines.rows };
}
