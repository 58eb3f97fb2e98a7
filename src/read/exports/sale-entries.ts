import type { ClickHouseClient } from '@clickhouse/client';
import { type Column, type ColumnKind, CURSOR, type ExportQuestion, type RowBatch } from './columns.ts';
import { exportErrors } from './errors.ts';
import { type Ledger, STAFF } from './ledger.ts';

/** What each column is: by its name, since ClickHouse gives all of them as text. */
const KINDS: Readonly<Record<string, ColumnKind>> = {
  is_return: 'boolean',
  is_cancellation: 'boolean',
  business_day: 'day',
  occurred_at: 'moment',
  units: 'number',
  gross_minor: 'number',
  discount_minor: 'number',
  net_minor: 'number',
};
const KEY = { currency: 'String', business_day: 'Date32', region: 'String', entry_id: 'UUID' };
const UUIDS = ['entry_id', 'document_id', 'order_id', 'product_id', 'variant_id', 'customer_id'];
const NOBODY = '00000000-0000-0000-0000-000000000000';
const CURSOR_FORM = /^[A-Z]{3}~\d{4}-\d\d-\d\d~[\w-]{1,60}~[0-9a-f-]{36}$/;

export const SALE_ENTRIES: Ledger = {
  name: 'sale_entries',
  about: 'Orders’ and returns’ lines as the numbers see them: signed, by region and business day.',
  access: STAFF,
  table: 'sale_entry',
  columns: `entry_id, document_id, order_id, is_return, is_cancellation, kind, region, currency, business_day,
    occurred_at, touchpoint, source, product_id, variant_id, customer_id, units, gross_minor, discount_minor, net_minor`,
  from: 'sale_entry final',
  key: KEY,
  at: 'occurred_at',
};

const NAMES = SALE_ENTRIES.columns.split(/,\s*/);
export const SALE_ENTRY_COLUMNS: readonly Column[] = [...NAMES, CURSOR].map((name) => ({
  name,
  kind: KINDS[name] ?? 'text',
  isPersonal: false,
}));

/** The sale entries from ClickHouse, block by block. */
export async function* saleEntries(
  clickhouse: ClickHouseClient,
  { from, to, after }: ExportQuestion,
  signal: AbortSignal,
): AsyncGenerator<RowBatch> {
  if (after !== undefined && !CURSOR_FORM.test(after)) throw exportErrors.cursor_unknown({});
  const values = Object.fromEntries((after?.split('~') ?? []).map((value, at) => [`key${at}`, value]));
  const holes = Object.values(KEY).map((type, at) => `{key${at}:${type}}`);
  const keys = Object.keys(KEY).join(', ');
  const narrowed = [
    ...(from ? ['occurred_at >= fromUnixTimestamp64Milli({from:Int64})'] : []),
    ...(to ? ['occurred_at < fromUnixTimestamp64Milli({to:Int64})'] : []),
    ...(after === undefined ? [] : [`(${keys}) > (${holes.join(', ')})`]),
  ];
  const where = narrowed.length > 0 ? `where ${narrowed.join(' and ')}` : '';
  const columns = NAMES.map((name) => (UUIDS.includes(name) ? `toString(${name})` : name)).join(', ');
  const cursor = `concat(currency, '~', toString(business_day), '~', region, '~', toString(entry_id))`;
  const answer = await clickhouse.query({
    query: `select ${columns}, ${cursor} from ${SALE_ENTRIES.from} ${where} order by ${keys}`,
    query_params: { ...values, ...(from && { from: from.getTime() }), ...(to && { to: to.getTime() }) },
    format: 'JSONCompactStringsEachRow',
    abort_signal: signal,
  });
  yield { columns: SALE_ENTRY_COLUMNS, rows: [] };
  for await (const block of answer.stream<string[]>()) {
    const rows = block.map((row) => row.json<string[]>().map((value) => (value === NOBODY ? null : value)));
    yield { columns: SALE_ENTRY_COLUMNS, rows };
  }
}
