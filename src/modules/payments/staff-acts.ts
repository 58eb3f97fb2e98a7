import type { Viewer } from '#platform/access.ts';
import { dayIn } from '#platform/days.ts';
import type { Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { hasCode } from '#platform/start-fault.ts';
import { actorOf, customerOfMember, record } from '../identity/index.ts';
import { grantCredit, issueGiftCard, type NewGiftCard } from './accounts.ts';
import { paymentsErrors } from './errors.ts';
import { countGiven } from './give-limit.ts';
import { giveBack, type GivingBack } from './order-money.ts';

type Wish<T> = Omit<T, 'actor'>;

/** Issues a gift card, within what its issuer may give in a day. */
export async function giftCardBy(
  tx: Tx,
  viewer: Viewer,
  wish: Wish<NewGiftCard>,
  { config, now }: Giving,
): Promise<{ code: string }> {
  const actor = actorOf(viewer);
  const at = now();
  const { code, isNew } = await issueGiftCard(tx, { ...wish, actor }, config.secret, at);
  if (!isNew) return { code };
  const { id, amountMinor, currency, reason } = wish;
  await countGiven(tx, viewer, { amountMinor, currency, day: dayIn(config.timeZone, at) });
  await record(tx, actor, 'gift_card_issued', `gift_card:${id}`, { amountMinor, currency, reason });
  return { code };
}

type Giving = Pick<Deps, 'config' | 'now'>;

/** Grants a member credit, within what its giver may give in a day. */
export async function creditMember(
  tx: Tx,
  viewer: Viewer,
  { memberId, ...wish }: Wish<NewGiftCard> & { memberId: string },
  { config, now }: Giving,
): Promise<void> {
  if (memberId === viewer.memberId) throw paymentsErrors.credit_to_oneself({});
  const actor = actorOf(viewer);
  const at = now();
  const customerId = await customerOf(tx, memberId);
  if (!(await grantCredit(tx, { ...wish, actor, customerId }, at))) return;
  const { id: grantId, amountMinor, currency, reason } = wish;
  await countGiven(tx, viewer, { amountMinor, currency, day: dayIn(config.timeZone, at) });
  await record(tx, actor, 'credit_granted', `member:${memberId}`, { grantId, amountMinor, currency, reason });
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
