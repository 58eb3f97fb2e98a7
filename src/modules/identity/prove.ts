import type { Viewer } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { authOf } from './auth.ts';
import { identityErrors } from './errors.ts';
import { countAttempt, forgiveAttempts } from './limits.ts';
import { own } from './own.ts';
import { FRESH_SECONDS } from './settings.ts';

export async function hasPassword({ db }: Pick<Deps, 'db'>, memberId: string): Promise<boolean> {
  return (await passwordOf({ db }, memberId)) !== undefined;
}

/**
 * Before what can't be taken back: that it is the member, and not somebody at a browser they left open. The password
 * is asked again; one without a password has signed in, by a network or a passkey, a short time ago.
 */
export async function proveMember(
  deps: Deps,
  viewer: Pick<Viewer, 'memberId' | 'sessionId'>,
  password: string,
): Promise<void> {
  const { memberId = '', sessionId = '' } = viewer;
  const hash = await passwordOf(deps, memberId);
  if (hash === undefined) return refuseStale(deps, memberId, sessionId);
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

async function refuseStale({ db, now }: Deps, memberId: string, sessionId: string): Promise<void> {
  const fresh = await own(db)
    .selectFrom('identity.session')
    .select('id')
    .where('id', '=', sessionId)
    .where('member_id', '=', memberId)
    .where('created_at', '>', new Date(now().getTime() - FRESH_SECONDS * 1000))
    .executeTakeFirst();
  if (!fresh) throw identityErrors.session_stale({});
}
