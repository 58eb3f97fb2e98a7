import type { Viewer } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { authOf } from './auth.ts';
import { identityErrors } from './errors.ts';
import { countAttempt, forgiveAttempts } from './limits.ts';
import { own } from './own.ts';

/** One without a password has signed in by a network or a passkey so short a time ago. */
const FRESH_MINUTES = 10;

export async function hasPassword({ db }: Pick<Deps, 'db'>, memberId: string): Promise<boolean> {
  return (await passwordOf({ db }, memberId)) !== undefined;
}

/** Before what can't be taken back: that it is the member, and not somebody at a browser they left open. */
export async function proveMember(deps: Deps, viewer: Viewer, password: string): Promise<void> {
  const { memberId = '', sessionId = '' } = viewer;
  const hash = await passwordOf(deps, memberId);
  if (hash === undefined) return refuseStale(deps, sessionId);
  await countAttempt(deps, 'prove_account', memberId);
  const { password: passwords } = await (await authOf(deps)).$context;
  if (!(await passwords.verify({ hash, password }))) throw identityErrors.password_wrong({});
  await forgiveAttempts(deps, 'prove_account', memberId);
}

async function passwordOf({ db }: Pick<Deps, 'db'>, memberId: string): Promise<string | undefined> {
  const account = await own(db)
    .selectFrom('identity.account')
    .select('password')
    .where('member_id', '=', memberId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst();
  return account?.password ?? undefined;
}

async function refuseStale({ db, now }: Deps, sessionId: string): Promise<void> {
  const fresh = await own(db)
    .selectFrom('identity.session')
    .select('id')
    .where('id', '=', sessionId)
    .where('created_at', '>', new Date(now().getTime() - FRESH_MINUTES * 60_000))
    .executeTakeFirst();
  if (!fresh) throw identityErrors.session_stale({});
}
