import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { type Credit, creditsOf, type Document, type DocumentLine, type HoldersAt } from './credits.ts';

/** The payload of an order, a return or a cancellation, as far as credits go by it. */
interface SalePayload {
  orderId: string | null;
  returnId?: string;
  regionCode: string;
  currency: string;
  businessDay: string;
  associateId?: string | null;
  lines: DocumentLine[];
}

export interface SaleEvent {
  id: string;
  name: string;
  payload: SalePayload;
}

const ORDERS = new Set(['orders.order_placed.v1', 'orders.order_recorded.v1']);

/** Credits are kept together by sale: the order, or the return that names none. */
export const saleOf = ({ payload }: SaleEvent): string => payload.orderId ?? payload.returnId ?? '';

/**
 * Brings the credits of some sales to what they should be, with new events of them. The same function credits a sale
 * for the first time and anew: what is in the ledger and should not be is reversed, what should be is entered.
 * Answers how many lines it corrected.
 */
export async function settleSales(
  tx: Tx,
  saleIds: readonly string[],
  fresh: readonly SaleEvent[],
  holdersAt: HoldersAt,
  recreditingId: string | null = null,
): Promise<number> {
  const entered = await creditsEntered(tx, saleIds);
  const known = await eventsOf(tx, [...new Set(entered.map(({ eventId }) => eventId))]);
  const bySale = Map.groupBy([...known, ...fresh], saleOf);
  const enteredBySale = Map.groupBy(entered, ({ saleId }) => saleId);
  const rows: Entry[] = [];
  let corrected = 0;
  for (const [saleId, events] of bySale) {
    const due = creditsOf(events.map(documentOf), holdersAt);
    const changes = changesOf(due, enteredBySale.get(saleId) ?? []);
    corrected += changes.corrected;
    for (const credit of changes.credits) rows.push({ ...credit, saleId });
  }
  await enter(tx, rows, recreditingId);
  return corrected;
}

export interface Entry extends Credit {
  saleId: string;
}

const documentOf = ({ id: eventId, name, payload }: SaleEvent): Document => ({
  eventId,
  isOrder: ORDERS.has(name),
  regionCode: payload.regionCode,
  currency: payload.currency,
  businessDay: payload.businessDay,
  associateId: payload.associateId ?? null,
  lines: payload.lines,
});

/** What the ledger says of these sales, added up over its corrections. */
async function creditsEntered(tx: Tx, saleIds: readonly string[]): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select kind, sale_id as "saleId", line_id as "lineId", event_id as "eventId", location_id as "locationId",
      associate_id as "associateId", sum(amount_minor)::bigint as "amountMinor", currency,
      business_day as "businessDay", region_code as "regionCode"
    from market.sale_credit
    where sale_id = any(${saleIds}::uuid[]) and kind <> 'fulfilment'
    group by sale_id, event_id, line_id, kind, location_id, associate_id, currency, business_day, region_code`.execute(
    tx,
  );
  return rows;
}

async function eventsOf(tx: Tx, ids: readonly string[]): Promise<SaleEvent[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<SaleEvent>`
    select id, name, payload from platform.event where id = any(${ids}::uuid[])
    order by committed_by, id`.execute(tx);
  return rows;
}

const lineKey = ({ eventId, lineId, kind }: Credit) => `${eventId} ${lineId} ${kind}`;
const holderKey = ({ locationId, associateId }: Credit) => locationId ?? associateId ?? '';

/** A line that is credited as it should be is left alone; any other is reversed and entered anew. */
function changesOf(
  due: readonly Credit[],
  entered: readonly Credit[],
): { credits: Credit[]; corrected: number } {
  if (entered.length === 0) return { credits: [...due], corrected: 0 };
  const dueByLine = Map.groupBy(due, lineKey);
  const enteredByLine = Map.groupBy(entered, lineKey);
  const credits: Credit[] = [];
  let corrected = 0;
  for (const [key, wanted] of dueByLine) {
    const there = enteredByLine.get(key);
    if (there && isSame(wanted, there)) continue;
    if (there) corrected += 1;
    for (const credit of there ?? []) {
      if (credit.amountMinor !== 0) credits.push({ ...credit, amountMinor: -credit.amountMinor });
    }
    credits.push(...wanted);
  }
  return { credits, corrected };
}

function isSame(wanted: readonly Credit[], there: readonly Credit[]): boolean {
  const rest = new Map(there.map((credit) => [holderKey(credit), credit.amountMinor]));
  for (const credit of wanted) {
    const key = holderKey(credit);
    if ((rest.get(key) ?? 0) !== credit.amountMinor) return false;
    rest.delete(key);
  }
  return [...rest.values()].every((amountMinor) => amountMinor === 0);
}

/** Writes credits and their sums by day together. */
export async function enter(tx: Tx, rows: readonly Entry[], recreditingId: string | null): Promise<void> {
  if (rows.length === 0) return;
  const column = <Value>(valueOf: (row: Entry) => Value) => rows.map(valueOf);
  await sql`
    insert into market.sale_credit (kind, sale_id, line_id, event_id, location_id, associate_id, amount_minor,
      currency, business_day, region_code, recrediting_id)
    select *, ${recreditingId}::uuid from unnest(
      ${column(({ kind }) => kind)}::market.credit_kind[], ${column(({ saleId }) => saleId)}::uuid[],
      ${column(({ lineId }) => lineId)}::uuid[], ${column(({ eventId }) => eventId)}::uuid[],
      ${column(({ locationId }) => locationId)}::uuid[], ${column(({ associateId }) => associateId)}::uuid[],
      ${column(({ amountMinor }) => amountMinor)}::bigint[], ${column(({ currency }) => currency)}::text[],
      ${column(({ businessDay }) => businessDay)}::date[], ${column(({ regionCode }) => regionCode)}::text[]
    )`.execute(tx);
  await addToDays(tx, rows);
}

async function addToDays(tx: Tx, rows: readonly Entry[]): Promise<void> {
  const days = new Map<string, Entry>();
  for (const row of rows) {
    const key = `${row.businessDay} ${row.currency} ${row.kind} ${row.locationId} ${row.associateId}`;
    const day = days.get(key);
    if (day) day.amountMinor += row.amountMinor;
    else days.set(key, { ...row });
  }
  const sums = [...days.values()];
  const column = <Value>(valueOf: (row: Entry) => Value) => sums.map(valueOf);
  await sql`
    insert into market.credit_day as day (business_day, currency, kind, location_id, associate_id, amount_minor)
    select * from unnest(
      ${column(({ businessDay }) => businessDay)}::date[], ${column(({ currency }) => currency)}::text[],
      ${column(({ kind }) => kind)}::market.credit_kind[], ${column(({ locationId }) => locationId)}::uuid[],
      ${column(({ associateId }) => associateId)}::uuid[], ${column(({ amountMinor }) => amountMinor)}::bigint[]
    )
    on conflict (business_day, currency, kind, location_id, associate_id)
    do update set amount_minor = day.amount_minor + excluded.amount_minor`.execute(tx);
}
