import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { countAttempt, knownCustomerOf } from '../identity/index.ts';
import { hashOfTyped } from './accounts.ts';
import { paymentsErrors } from './errors.ts';
import type { PaymentsAccountEntryKind, PaymentsAccountKind } from './tables.ts';

/** A gift card, or a customer's store credit in a currency, as staff see it. */
export interface KeptAccount {
  id: string;
  kind: PaymentsAccountKind;
  currency: string;
  balanceMinor: number;
  /** The last characters of a gift card's code. */
  codeEnd: string | null;
  customerId: string | null;
  isBlocked: boolean;
  expiresAt: Date | null;
  createdAt: Date;
}

const COLUMNS = sql`account.id, account.kind, account.currency, account.balance_minor as "balanceMinor",
  account.code_end as "codeEnd", account.customer_id as "customerId", account.is_blocked as "isBlocked",
  account.expires_at as "expiresAt", account.created_at as "createdAt"`;

export interface GiftCardQuestion {
  /** A whole code, or the last four characters of one. */
  code?: string | undefined;
  /** Those that paid for one of these orders. */
  orderIds?: readonly string[] | undefined;
  /** The last of the page before. */
  after?: string | undefined;
  limit: number;
}

const END_LENGTH = 4;

/** Gift cards, the newest first: all of them, or those that fit what is asked. */
export async function giftCards(
  db: Db,
  { code, orderIds, after, limit }: GiftCardQuestion,
): Promise<KeptAccount[]> {
  const conditions = [sql`account.kind = 'gift_card'`];
  if (code !== undefined) conditions.push(fits(code));
  if (orderIds) {
    conditions.push(
      sql`account.id in (select account_id from payments.payment where order_id = any(${orderIds}::uuid[]))`,
    );
  }
  if (after !== undefined) {
    conditions.push(
      sql`(account.created_at, account.id) < (select created_at, id from payments.account where id = ${after})`,
    );
  }
  const { rows } = await sql<KeptAccount>`
    select ${COLUMNS} from payments.account where ${sql.join(conditions, sql` and `)}
    order by account.created_at desc, account.id desc limit ${limit}`.execute(db);
  return rows;
}

function fits(code: string) {
  const typed = code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  return typed.length === END_LENGTH
    ? sql`account.code_end = ${typed}`
    : sql`account.code_hash = ${hashOfTyped(code)}`;
}

export async function accountById(db: Db, id: string): Promise<KeptAccount> {
  const { rows } = await sql<KeptAccount>`
    select ${COLUMNS} from payments.account where account.id = ${id}`.execute(db);
  const [account] = rows;
  if (!account) throw paymentsErrors.account_unknown({ id });
  return account;
}

/** A member's store credit, in each currency in which they ever had any. */
export async function creditsOfMember(db: Db, memberId: string): Promise<KeptAccount[]> {
  const customerId = await knownCustomerOf(db, memberId);
  if (customerId === undefined) return [];
  const { rows } = await sql<KeptAccount>`
    select ${COLUMNS} from payments.account where customer_id = ${customerId} order by currency`.execute(db);
  return rows;
}

/** A change of a balance, or of whether it may be spent. */
export interface AccountEntry {
  key: string;
  kind: PaymentsAccountEntryKind | 'blocked' | 'freed';
  /** Nought where it was blocked or freed. */
  amountMinor: number;
  reason: string;
  actor: string;
  /** The order that it paid for, or that gave something back. */
  orderId: string | null;
  occurredAt: Date;
}

/** What happened to an account, the newest first. */
export async function accountEntries(db: Db, accountId: string, limit: number): Promise<AccountEntry[]> {
  const { rows } = await sql<AccountEntry>`
    (select 'entry-' || entry.id as key, entry.kind::text as kind, entry.amount_minor as "amountMinor", entry.reason,
      entry.actor, coalesce(payment.order_id, asked.order_id) as "orderId", entry.occurred_at as "occurredAt"
    from payments.account_entry entry
    left join payments.payment on payment.id = entry.cause_id
    left join payments.operation on operation.id = entry.cause_id
    left join payments.payment asked on asked.id = operation.payment_id
    where entry.account_id = ${accountId} order by entry.id desc limit ${limit})
    union all
    (select 'block-' || id, case when is_blocked then 'blocked' else 'freed' end, 0, reason, actor, null, occurred_at
    from payments.account_block where account_id = ${accountId} order by id desc limit ${limit})
    order by "occurredAt" desc, key desc limit ${limit}`.execute(db);
  return rows;
}

/** What is left on a card, for whoever knows its code. Wrong ones are counted by where they come from, and are few. */
export async function giftCardBalance(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  code: string,
  address: string,
): Promise<Pick<KeptAccount, 'currency' | 'balanceMinor' | 'expiresAt'>> {
  await countAttempt(deps, 'gift_card_address', address);
  const [card] = code.trim().length > END_LENGTH ? await giftCards(deps.db, { code, limit: 1 }) : [];
  const isOver = card?.expiresAt && card.expiresAt <= deps.now();
  if (!card || card.isBlocked || isOver) throw paymentsErrors.gift_card_unknown({});
  const { currency, balanceMinor, expiresAt } = card;
  return { currency, balanceMinor, expiresAt };
}
