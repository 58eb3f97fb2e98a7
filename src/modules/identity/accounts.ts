import { inTransaction, type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { record } from './audit.ts';
import { authOf, isRefusal } from './auth.ts';
import { type Caller, headersOf } from './caller.ts';
import { identityErrors } from './errors.ts';
import { countAttempt, forgiveAttempts } from './limits.ts';
import { queueMail } from './mails.ts';
import { own } from './own.ts';
import { PASSWORD_LENGTH } from './settings.ts';

/** Cookies for the caller's browser, each as a `set-cookie` header has it. */
export type Cookies = string[];

const EMAIL = /^[a-z0-9_+'-]+(\.[a-z0-9_+'-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;
const EMAIL_LENGTH_MAX = 254;

/** An e-mail address as we keep it, or a refusal. */
export function emailOf(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length > EMAIL_LENGTH_MAX || !EMAIL.test(email)) throw identityErrors.email_invalid({});
  return email;
}

function checkLength(password: string): void {
  const { length } = password;
  if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) {
    throw identityErrors.password_length(PASSWORD_LENGTH);
  }
}

/**
 * Makes an account that waits for its owner to confirm the address, or tells the owner of the one there is.
 * The answer is the same: one hash, one transaction, one mail. What differs arrives in the mailbox only.
 */
export async function signUp(
  deps: Deps,
  caller: Caller,
  wish: { name: string; email: string; password: string },
): Promise<void> {
  const email = emailOf(wish.email);
  checkLength(wish.password);
  await countAttempt(deps, 'sign_up_address', caller.ip);
  await countAttempt(deps, 'sign_up_account', email);
  const { password } = await (await authOf(deps)).$context;
  const hash = await password.hash(wish.password);
  await inTransaction(deps.db, async (tx) => {
    const memberId = await addMember(tx, { name: wish.name.trim(), email, hash });
    await queueMail(tx, memberId ? { kind: 'confirm', memberId } : { kind: 'known_address', email });
  });
}

/** Undefined when the address has an account already. */
export async function addMember(
  tx: Tx,
  {
    name,
    email,
    hash,
    confirmed = false,
  }: { name: string; email: string; hash: string; confirmed?: boolean },
): Promise<string | undefined> {
  const id = newId();
  const added = await own(tx)
    .insertInto('identity.member')
    .values({ id, name, email, email_verified: confirmed })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) return undefined;
  await own(tx)
    .insertInto('identity.account')
    .values({ id: newId(), member_id: id, provider_id: 'credential', account_id: id, password: hash })
    .execute();
  await record(tx, `member:${id}`, 'signed_up', `member:${id}`);
  return id;
}

/** Refuses in one way, whatever is wrong. A right password for an address that waits sends its mail once more. */
export async function signIn(
  deps: Deps,
  caller: Caller,
  claim: { email: string; password: string },
): Promise<Cookies> {
  const email = claim.email.trim().toLowerCase();
  await countAttempt(deps, 'sign_in_address', caller.ip);
  await countAttempt(deps, 'sign_in_account', email);
  const cookies = await cookiesOf(
    (await authOf(deps)).api.signInEmail({
      body: { email, password: claim.password },
      headers: headersOf(caller),
      returnHeaders: true,
    }),
    () => identityErrors.sign_in_refused({}),
  );
  await forgiveAttempts(deps, 'sign_in_account', email);
  return cookies;
}

/** Answers the same for every address. A job looks whether it has an account, and mails the link. */
export async function requestReset(deps: Deps, caller: Caller, address: string): Promise<void> {
  const email = emailOf(address);
  await countAttempt(deps, 'reset_address', caller.ip);
  await countAttempt(deps, 'reset_account', email);
  await inTransaction(deps.db, (tx) => queueMail(tx, { kind: 'reset', email }));
}

/** Sets the password by the link's token and signs out every device. */
export async function resetPassword(
  deps: Deps,
  caller: Caller,
  { token, password }: { token: string; password: string },
): Promise<void> {
  checkLength(password);
  await countAttempt(deps, 'token_address', caller.ip);
  await cookiesOf(
    (await authOf(deps)).api.resetPassword({
      body: { token, newPassword: password },
      headers: headersOf(caller),
      returnHeaders: true,
    }),
    () => identityErrors.link_spent({}),
  );
}

/** Confirms the address by the link's token, and signs its owner in. */
export async function confirmAddress(deps: Deps, caller: Caller, token: string): Promise<Cookies> {
  await countAttempt(deps, 'token_address', caller.ip);
  return cookiesOf(
    (await authOf(deps)).api.verifyEmail({
      query: { token },
      headers: headersOf(caller),
      returnHeaders: true,
    }),
    () => identityErrors.link_spent({}),
  );
}

/** The cookies that Better Auth sets; where it refuses, so do we, in our words. */
async function cookiesOf(asked: Promise<{ headers: Headers }>, refusal: () => Error): Promise<Cookies> {
  try {
    return (await asked).headers.getSetCookie();
  } catch (error) {
    if (isRefusal(error)) throw refusal();
    throw error;
  }
}

/** A name that others may see. */
export async function rename(tx: Tx, memberId: string, name: string): Promise<void> {
  await own(tx)
    .updateTable('identity.member')
    .set({ name: name.trim() })
    .where('id', '=', memberId)
    .execute();
}
