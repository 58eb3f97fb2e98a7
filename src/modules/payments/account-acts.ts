import type { Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { actorOf, record } from '../identity/index.ts';
import { post } from './accounts.ts';
import { paymentsErrors } from './errors.ts';
import { own } from './own.ts';

export interface Blocking {
  accountId: string;
  isBlocked: boolean;
  /** Names nobody. */
  reason: string;
}

/** Stops a gift card or a credit from being spent, or lets it be spent again. What is so already stays as it is. */
export async function blockAccount(tx: Tx, viewer: Viewer, wish: Blocking, now: Date): Promise<void> {
  const { accountId, isBlocked, reason } = wish;
  const changed = await own(tx)
    .updateTable('payments.account')
    .set({ is_blocked: isBlocked })
    .where('id', '=', accountId)
    .where('is_blocked', '=', !isBlocked)
    .returning('kind')
    .executeTakeFirst();
  if (!changed) {
    await accountOf(tx, accountId);
    return;
  }
  const actor = actorOf(viewer);
  await own(tx)
    .insertInto('payments.account_block')
    .values({ account_id: accountId, is_blocked: isBlocked, reason, actor, occurred_at: now })
    .execute();
  const action = isBlocked ? 'account_blocked' : 'account_freed';
  await record(tx, actor, action, `${changed.kind}:${accountId}`, { reason });
}

export interface Correction {
  /** Made by the caller: the same id again is the same correction. */
  id: string;
  accountId: string;
  /** Of either sign; not nought. */
  amountMinor: number;
  reason: string;
}

/** Puts a balance right by another entry of its ledger. It never goes below nothing. */
export async function correctAccount(tx: Tx, viewer: Viewer, wish: Correction, now: Date): Promise<void> {
  const { id, accountId, amountMinor, reason } = wish;
  // The account's lock first: of two that send the same correction at once, the second finds it made.
  const { kind, currency, balanceMinor } = await accountOf(tx, accountId);
  const known = await own(tx)
    .selectFrom('payments.account_entry')
    .select(['account_id as accountId', 'amount_minor as amountMinor'])
    .where('cause_id', '=', id)
    .where('kind', '=', 'corrected')
    .executeTakeFirst();
  if (known) {
    if (known.accountId === accountId && known.amountMinor === amountMinor) return;
    throw paymentsErrors.account_differs({ id });
  }
  const actor = actorOf(viewer);
  const entry = { accountId, kind: 'corrected' as const, causeId: id, amountMinor, reason, actor };
  if (!(await post(tx, entry, now)))
    throw paymentsErrors.credit_too_small({ leftMinor: balanceMinor, currency });
  const facts = { correctionId: id, amountMinor, currency, reason };
  await record(tx, actor, 'account_corrected', `${kind}:${accountId}`, facts);
}

async function accountOf(tx: Tx, accountId: string) {
  const account = await own(tx)
    .selectFrom('payments.account')
    .select(['kind', 'currency', 'balance_minor as balanceMinor'])
    .where('id', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
  if (!account) throw paymentsErrors.account_unknown({ id: accountId });
  return account;
}
