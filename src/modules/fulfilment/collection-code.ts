import { createHmac, timingSafeEqual } from 'node:crypto';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'; // none that is taken for another
const LENGTH = 6;

/** What a buyer shows at the counter. It follows from the order and our secret, so that it is written down nowhere. */
export function collectionCode(secret: string, orderId: string): string {
  const bytes = createHmac('sha256', secret).update(`collection:${orderId}`).digest();
  return [...bytes.subarray(0, LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** True for the order's number or its code, however it was typed. */
export function isProof(typed: string, secret: string, order: { id: string; number: string }): boolean {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  if (plain === order.number.toUpperCase().replaceAll('-', '')) return true;
  const [one, other] = [plain, collectionCode(secret, order.id)].map((each) => Buffer.from(each));
  return (
    one !== undefined && other !== undefined && one.length === other.length && timingSafeEqual(one, other)
  );
}
