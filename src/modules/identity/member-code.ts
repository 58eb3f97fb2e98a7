import { randomBytes } from 'node:crypto';
import type { Db, Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { identityErrors } from './errors.ts';
import { countAttempt, forgiveAttempt } from './limits.ts';
import { own } from './own.ts';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'; // none that is taken for another
const LENGTH = 12;

/** Sixty bits of chance: nothing about the member can be read from it, and none is found by trying. */
const randomCode = () => [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');

/** The code that a member shows in a store, made when they look at it for the first time. */
export async function memberCodeOf(tx: Tx, memberId: string, now: Date): Promise<string> {
  await own(tx)
    .insertInto('identity.member_code')
    .values({ member_id: memberId, code: randomCode(), made_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { code } = await own(tx)
    .selectFrom('identity.member_code')
    .select('code')
    .where('member_id', '=', memberId)
    .executeTakeFirstOrThrow();
  return code;
}

/** Another code in place of the old, which nobody can use from now on. */
export async function renewMemberCode(tx: Tx, memberId: string, now: Date): Promise<void> {
  const fresh = { code: randomCode(), made_at: now };
  await own(tx)
    .insertInto('identity.member_code')
    .values({ member_id: memberId, ...fresh })
    .onConflict((conflict) => conflict.column('member_id').doUpdateSet(fresh))
    .execute();
}

/** The member whose code was scanned. Wrong ones are counted by who asks, and are few. */
export async function memberOfCode(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  askedBy: string,
  typed: string,
): Promise<string> {
  await countAttempt(deps, 'member_code_account', askedBy);
  const memberId = await holderOf(deps.db, typed);
  if (memberId === undefined) throw identityErrors.member_code_unknown({});
  await forgiveAttempt(deps, 'member_code_account', askedBy);
  return memberId;
}

async function holderOf(db: Db, typed: string): Promise<string | undefined> {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const found = await own(db)
    .selectFrom('identity.member_code')
    .select('member_id as memberId')
    .where('code', '=', code)
    .executeTakeFirst();
  return found?.memberId;
}
