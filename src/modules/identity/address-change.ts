import { createHmac, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { emailOf } from './accounts.ts';
import { record } from './audit.ts';
import type { Caller } from './caller.ts';
import { identityErrors } from './errors.ts';
import { countAttempt } from './limits.ts';
import { queueMail } from './mails.ts';
import { own } from './own.ts';
import { proveMember } from './prove.ts';
import { isUnproven } from './remove-unconfirmed.ts';
import { CONFIRM_SECONDS } from './settings.ts';

/** A member, and the browser that they are signed in with. */
interface SignedIn {
  memberId: string;
  sessionId: string;
}

/**
 * Asks for another e-mail address: nothing is changed until it is confirmed. The answer is the same whether or not
 * the new address has an account; what differs arrives in its mailbox. Asked twice, the later one counts.
 */
export async function requestAddressChange(
  deps: Deps,
  caller: Caller,
  { memberId, sessionId }: SignedIn,
  wish: { email: string; password: string },
): Promise<void> {
  const email = emailOf(wish.email);
  await countAttempt(deps, 'address_change_address', caller.ip);
  await countAttempt(deps, 'address_change_account', memberId);
  await proveMember(deps, { memberId, sessionId }, wish.password);
  const { db, now } = deps;
  const expires_at = new Date(now().getTime() + CONFIRM_SECONDS * 1000);
  await inTransaction(db, async (tx) => {
    const current = await emailOfMember(tx, memberId);
    if (current === email) throw identityErrors.email_unchanged({});
    const id = newId();
    await own(tx)
      .insertInto('identity.address_change')
      .values({ id, member_id: memberId, email, expires_at })
      .onConflict((conflict) => conflict.column('member_id').doUpdateSet({ id, email, expires_at }))
      .execute();
    await record(tx, `member:${memberId}`, 'address_change_asked', `member:${memberId}`);
    await queueMail(tx, { kind: 'new_address', changeId: id });
    await queueMail(tx, { kind: 'address_asked', email: current });
  });
}

/** What the mail carries. It is made of our secret when the mail is written, so that no table and no job holds it. */
export const changeTokenFor = ({ config }: Pick<Deps, 'config'>, changeId: string) =>
  `${changeId}.${createHmac('sha256', config.secret).update(`address_change:${changeId}`).digest('base64url')}`;

/**
 * Takes the new address by the token from its mail, for the member who asked for it and is signed in: whoever else
 * reads that mail, at a mistyped address, gets no account by it. Ends the member's other sessions.
 */
export async function confirmAddressChange(
  deps: Deps,
  caller: Caller,
  signedIn: SignedIn,
  token: string,
): Promise<void> {
  await countAttempt(deps, 'token_address', caller.ip);
  const [changeId = ''] = token.split('.', 1);
  if (!isSame(token, changeTokenFor(deps, changeId))) throw identityErrors.link_spent({});
  try {
    await inTransaction(deps.db, (tx) => takeAddress(tx, signedIn, changeId, deps.now()));
  } catch (error) {
    // Somebody signed up with the address in this very moment.
    if (isUniqueViolation(error)) throw identityErrors.link_spent({});
    throw error;
  }
}

async function takeAddress(
  tx: Tx,
  { memberId, sessionId }: SignedIn,
  changeId: string,
  now: Date,
): Promise<void> {
  const change = await own(tx)
    .deleteFrom('identity.address_change')
    .where('id', '=', changeId)
    .where('member_id', '=', memberId)
    .where('expires_at', '>', now)
    .returning('email')
    .executeTakeFirst();
  if (!change) throw identityErrors.link_spent({});
  const before = await emailOfMember(tx, memberId);
  // Who signed up first and never confirmed loses the address to whoever reads its mail.
  await sql`delete from identity.member as m where m.email = ${change.email} and ${isUnproven}`.execute(tx);
  if (await hasAccount(tx, change.email)) throw identityErrors.link_spent({});
  await own(tx)
    .updateTable('identity.member')
    .set({ email: change.email, email_verified: true, updated_at: now })
    .where('id', '=', memberId)
    .execute();
  await own(tx)
    .deleteFrom('identity.session')
    .where('member_id', '=', memberId)
    .where('id', '!=', sessionId)
    .execute();
  // A reset that was mailed to the old address must not open the account any more.
  await own(tx).deleteFrom('identity.verification').where('value', '=', memberId).execute();
  await record(tx, `member:${memberId}`, 'address_changed', `member:${memberId}`);
  await queueMail(tx, { kind: 'address_changed', email: before });
}

/** Whether the address is somebody's: a sign-up that nobody confirmed and nothing hangs on does not count. */
export async function hasAccount(db: Db, email: string): Promise<boolean> {
  const { rows } = await sql`
    select from identity.member as m where m.email = ${email} and not (${isUnproven})`.execute(db);
  return rows.length > 0;
}

async function emailOfMember(db: Db, memberId: string): Promise<string> {
  const { email } = await own(db)
    .selectFrom('identity.member')
    .select('email')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow();
  return email;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const isUniqueViolation = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === '23505';
