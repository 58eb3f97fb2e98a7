import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '#platform/config.ts';
import type { Db } from '#platform/db.ts';
import { own } from './own.ts';

/** Without letters that are read as digits. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const CODE = /^(.{1,60})-([0-9A-Z]{4})-?([0-9A-Z]{4})$/;

/**
 * The end of a receipt's code: 40 bits that only we can make of the order. Each guess names one order and is right once
 * in 2^40 times, however many orders there are.
 */
function endOf({ secret }: Pick<Config, 'secret'>, orderId: string): string {
  const bytes = createHmac('sha256', secret).update(`receipt_code:${orderId}`).digest();
  return Array.from(bytes.subarray(0, LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** What a receipt carries: "ST-2026-000123-7KQ4-M2XA". Whoever has it holds the receipt. */
export function receiptCode(config: Pick<Config, 'secret'>, order: { id: string; number: string }): string {
  const end = endOf(config, order.id);
  return `${order.number}-${end.slice(0, 4)}-${end.slice(4)}`;
}

/** The order of a receipt's code, as it is read or typed; undefined for one that nobody gave out. */
export async function orderOfReceipt(
  db: Db,
  config: Pick<Config, 'secret'>,
  typed: string,
): Promise<{ orderId: string; number: string; placedAt: Date } | undefined> {
  const [, number = '', one = '', other = ''] =
    CODE.exec(typed.trim().toUpperCase().replaceAll(/\s/g, '')) ?? [];
  const order = await own(db)
    .selectFrom('orders.order')
    .select(['id as orderId', 'number', 'placed_at as placedAt'])
    .where('source', '=', 'stoa')
    .where('number', '=', number)
    .executeTakeFirst();
  if (!order) return undefined;
  const end = `${one}${other}`.replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return timingSafeEqual(Buffer.from(end), Buffer.from(endOf(config, order.orderId))) ? order : undefined;
}
