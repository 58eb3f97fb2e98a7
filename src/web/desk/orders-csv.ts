import { csvOf, decimalText } from '#platform/csv.ts';
import type { Db } from '#platform/db.ts';
import { type ListedOrder, orderList, type OrderQuestion } from '#read/order-list.ts';
import { say, t } from '../messages.ts';
import { localOf } from './typed.ts';

const ROWS_MAX = 100_000;
const ROWS_AT_ONCE = 1_000;

/** What is filtered, line by line as it is read: a list of any length needs the memory of one page. */
export async function* ordersCsv(
  reads: Db,
  question: OrderQuestion,
  timeZone: string,
  rowsMax = ROWS_MAX,
): AsyncGenerator<string> {
  const { mayReadPersonal } = question;
  yield csvOf([headOf(mayReadPersonal)]);
  let after: { at: Date; id: string } | undefined;
  for (let left = rowsMax; left > 0;) {
    const limit = Math.min(left, ROWS_AT_ONCE);
    const rows = await orderList(reads, question, { after, limit });
    if (rows.length > 0) yield csvOf(rows.map((row) => cellsOf(row, mayReadPersonal, timeZone)));
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    after = { at: last.placedAt, id: last.id };
    left -= rows.length;
  }
}

const headOf = (mayReadPersonal: boolean): string[] => [
  t('desk.all_orders.number'),
  t('desk.all_orders.placed'),
  ...(mayReadPersonal ? [t('desk.all_orders.customer')] : []),
  t('desk.all_orders.region'),
  t('desk.all_orders.touchpoint'),
  t('desk.all_orders.state'),
  t('desk.all_orders.sending'),
  t('desk.all_orders.total'),
  t('desk.all_orders.currency'),
  t('desk.all_orders.promise'),
];

const cellsOf = (row: ListedOrder, mayReadPersonal: boolean, timeZone: string): string[] => [
  row.number,
  localOf(row.placedAt, timeZone).replace('T', ' '),
  ...(mayReadPersonal ? [row.customerName ?? ''] : []),
  row.regionName,
  row.touchpoint,
  say(`desk.all_orders.state.${row.state}`),
  say(`desk.all_orders.sending.${row.sending}`),
  decimalText(row.totalMinor, row.currency),
  row.currency,
  row.promisedTo ?? '',
];
