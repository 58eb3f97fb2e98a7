import { createHmac, hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { paymentsErrors } from './errors.ts';
import { own } from './own.ts';
import type { DB } from './tables.ts';

/** Letters and digits that nobody mistakes for one another. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE_LENGTH = 16;

export interface NewGiftCard {
  /** Made by the caller: the same id again is the same card with the same code. */
  id: string;
  currency: string;
  amountMinor: number;
  expiresAt?: Date;
  reason: string;
  actor: string;
}

/** Issues a gift card and answers its code, which is kept nowhere: only who has `secret` and the id can tell it again. */
export async function issueGiftCard(
  tx: Tx,
  card: NewGiftCard,
  secret: string,
  now: Date,
): Promise<{ code: string; isNew: boolean }> {
  const { id, currency, amountMinor, expiresAt, reason, actor } = card;
  const code = codeOf(id, secret);
  const isNew = await own(tx)
    .insertInto('payments.account')
    .values({
      id,
      kind: 'gift_card',
      currency,
      code_hash: hashOf(code),
      code_end: code.slice(-4),
      expires_at: expiresAt ?? null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (isNew) await post(tx, { accountId: id, kind: 'issued', causeId: id, amountMinor, reason, actor }, now);
  else await refuseOtherGrant(tx, id, { accountId: id, kind: 'issued', amountMinor });
  return { code: code.replace(/(.{4})(?=.)/g, '$1-'), isNew: isNew !== undefined };
}

/** Gives a customer credit to spend here. The same id again is the same grant. */
export async function grantCredit(
  tx: Tx,
  {
    id,
    customerId,
    currency,
    amountMinor,
    reason,
    actor,
  }: Omit<NewGiftCard, 'expiresAt'> & { customerId: string },
  now: Date,
): Promise<boolean> {
  await own(tx)
    .insertInto('payments.account')
    .values({ id: newId(), kind: 'store_credit', currency, customer_id: customerId, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const account = await creditOf(tx, customerId, currency);
  const accountId = account?.id ?? '';
  const known = await own(tx)
    .selectFrom('payments.account_entry')
    .select('id')
    .where('cause_id', '=', id)
    .where('kind', '=', 'granted')
    .executeTakeFirst();
  if (known) {
    await refuseOtherGrant(tx, id, { accountId, kind: 'granted', amountMinor });
    return false;
  }
  await post(tx, { accountId, kind: 'granted', causeId: id, amountMinor, reason, actor }, now);
  return true;
}

async function refuseOtherGrant(
  tx: Tx,
  id: string,
  grant: Pick<NewEntry, 'accountId' | 'kind' | 'amountMinor'>,
): Promise<void> {
  const known = await own(tx)
    .selectFrom('payments.account_entry')
    .select(['account_id as accountId', 'amount_minor as amountMinor'])
    .where('cause_id', '=', id)
    .where('kind', '=', grant.kind)
    .executeTakeFirst();
  if (known?.accountId !== grant.accountId || known.amountMinor !== grant.amountMinor)
    throw paymentsErrors.account_differs({ id });
}

function codeOf(id: string, secret: string): string {
  const bytes = createHmac('sha256', secret).update(`gift card ${id}`).digest();
  return Array.from(bytes.subarray(0, CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

const hashOf = (code: string) => hash('sha256', `stoa gift card ${code}`);
/** As people type it: with spaces, dashes, small letters. */
const bare = (code: string) => code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');

/** What a card is known by, which tells nobody its code. */
export const hashOfTyped = (code: string): string => hashOf(bare(code));

/** A gift card that can be spent in the currency at this moment; nobody learns why another can't. */
export async function giftCardWith(db: Db, code: string, currency: string, now: Date): Promise<Account> {
  const card = await own(db)
    .selectFrom('payments.account')
    .select(['id', 'kind', 'currency', 'balance_minor as balanceMinor'])
    .where('code_hash', '=', hashOfTyped(code))
    .where('currency', '=', currency)
    .where('is_blocked', '=', false)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirst();
  if (!card || card.balanceMinor === 0) throw paymentsErrors.gift_card_unknown({});
  return card;
}

export interface Account {
  id: string;
  kind: DB['payments.account']['kind'];
  currency: string;
  balanceMinor: number;
}

/** A customer's store credit in a currency, if they ever had any. */
export const creditOf = (db: Db, customerId: string, currency: string): Promise<Account | undefined> =>
  own(db)
    .selectFrom('payments.account')
    .select(['id', 'kind', 'currency', 'balance_minor as balanceMinor'])
    .where('customer_id', '=', customerId)
    .where('currency', '=', currency)
    .executeTakeFirst();

interface NewEntry {
  accountId: string;
  kind: DB['payments.account_entry']['kind'] extends { __select__: infer Kind }
    ? Kind
    : DB['payments.account_entry']['kind'];
  causeId: string;
  amountMinor: number;
  reason?: string;
  actor?: string;
}

/** The only writer of balances and their ledger: false when less is there than is taken, or it may not be spent. */
export async function post(tx: Tx, entry: NewEntry, now: Date): Promise<boolean> {
  const { accountId, kind, causeId, amountMinor, reason = '', actor = 'system' } = entry;
  const { rows } = await sql`
    with changed as (
      update payments.account set balance_minor = balance_minor + ${amountMinor}::bigint
      where id = ${accountId} and balance_minor + ${amountMinor}::bigint >= 0
        and not (is_blocked and ${kind}::payments.account_entry_kind = 'held')
      returning id
    )
    insert into payments.account_entry (account_id, kind, cause_id, amount_minor, reason, actor, occurred_at)
    select id, ${kind}, ${causeId}, ${amountMinor}, ${reason}, ${actor}, ${now} from changed
    returning id`.execute(tx);
  return rows.length > 0;
}

/** Takes the amount from the account for a payment, or refuses. */
export async function holdCredit(
  tx: Tx,
  { id: accountId, currency }: Pick<Account, 'id' | 'currency'>,
  { paymentId, amountMinor }: { paymentId: string; amountMinor: number },
  now: Date,
): Promise<void> {
  const isHeld = await post(
    tx,
    { accountId, kind: 'held', causeId: paymentId, amountMinor: -amountMinor },
    now,
  );
  if (isHeld) return;
  const { balanceMinor } = await own(tx)
    .selectFrom('payments.account')
    .select('balance_minor as balanceMinor')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  throw paymentsErrors.credit_too_small({ leftMinor: balanceMinor, currency });
}

/** Puts back what was held, or what is refunded. An expired card gets it too: it was the buyer's. */
export async function creditAccount(
  tx: Tx,
  entry: { accountId: string; causeId: string; amountMinor: number; kind: 'returned' | 'refunded' },
  now: Date,
): Promise<void> {
  await post(tx, entry, now);
}
