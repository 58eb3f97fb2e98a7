import type { Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { hasCode } from '#platform/start-fault.ts';
import { actorOf, customerOfMember, record } from '../identity/index.ts';
import { grantCredit, issueGiftCard, type NewGiftCard } from './accounts.ts';
import { paymentsErrors } from './errors.ts';
import { giveBack, type GivingBack } from './order-money.ts';

type Wish<T> = Omit<T, 'actor'>;

export async function giftCardBy(
  tx: Tx,
  viewer: Viewer,
  wish: Wish<NewGiftCard>,
  secret: string,
  now: Date,
): Promise<{ code: string }> {
  const actor = actorOf(viewer);
  const { code, isNew } = await issueGiftCard(tx, { ...wish, actor }, secret, now);
  const { id, amountMinor, currency, reason } = wish;
  if (isNew)
    await record(tx, actor, 'gift_card_issued', `gift_card:${id}`, { amountMinor, currency, reason });
  return { code };
}

export async function creditMember(
  tx: Tx,
  viewer: Viewer,
  { memberId, ...wish }: Wish<NewGiftCard> & { memberId: string },
  now: Date,
): Promise<void> {
  const actor = actorOf(viewer);
  const customerId = await customerOf(tx, memberId);
  const isNew = await grantCredit(tx, { ...wish, actor, customerId }, now);
  const { id: grantId, amountMinor, currency, reason } = wish;
  const facts = { grantId, amountMinor, currency, reason };
  if (isNew) await record(tx, actor, 'credit_granted', `member:${memberId}`, facts);
}

const FOREIGN_KEY_VIOLATION = '23503';

export const customerOf = (tx: Tx, memberId: string): Promise<string> =>
  customerOfMember(tx, memberId).catch((error: unknown) => {
    if (hasCode(error, FOREIGN_KEY_VIOLATION)) throw paymentsErrors.member_unknown({ memberId });
    throw error;
  });

export async function refundByHand(tx: Tx, viewer: Viewer, wish: Wish<GivingBack>, now: Date): Promise<void> {
  const actor = actorOf(viewer);
  const isNew = await giveBack(tx, { ...wish, actor }, now);
  const { id: refundId, orderId, amountMinor, reason } = wish;
  if (isNew) await record(tx, actor, 'refund_made', `order:${orderId}`, { refundId, amountMinor, reason });
}
