import { randomBytes } from 'node:crypto';
import type { StaffRole } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { addMember, emailOf } from './accounts.ts';
import { authOf } from './auth.ts';
import { joinTeam, marketplaceOrganization } from './organizations.ts';
import { own } from './own.ts';

/**
 * A member whose password is known, for the demo and for tests: the address counts as confirmed, and with
 * `staffRoles` they are staff. One who is here already stays as they are, their password too.
 */
export async function seedMember(
  deps: Deps,
  wish: { name: string; email: string; password: string; staffRoles?: StaffRole[] },
): Promise<string> {
  const email = emailOf(wish.email);
  const known = await memberIdOf(deps, email);
  if (known) return known;
  const { password } = await (await authOf(deps)).$context;
  const hash = await password.hash(wish.password);
  return inTransaction(deps.db, async (tx) => {
    const added = await addMember(tx, { name: wish.name, email, hash, confirmed: true });
    const memberId = added ?? (await memberIdOf({ db: tx }, email)) ?? '';
    if (wish.staffRoles) {
      const { id } = await marketplaceOrganization(tx);
      await joinTeam(tx, 'system', { organizationId: id, memberId, roles: wish.staffRoles });
    }
    return memberId;
  });
}

/** Members of the demo that nobody signs in as, by their addresses: the password is of chance, and kept nowhere. */
export async function seedMembers(
  deps: Deps,
  wishes: readonly { name: string; email: string }[],
): Promise<Map<string, string>> {
  const { password } = await (await authOf(deps)).$context;
  const hash = await password.hash(randomBytes(24).toString('base64url'));
  return inTransaction(deps.db, async (tx) => {
    const ids = new Map<string, string>();
    for (const { name, email } of wishes) {
      const known = await memberIdOf({ db: tx }, email);
      const added = known ?? (await addMember(tx, { name, email, hash, confirmed: true }));
      if (added) ids.set(email, added);
    }
    return ids;
  });
}

async function memberIdOf({ db }: Pick<Deps, 'db'>, email: string): Promise<string | undefined> {
  const row = await own(db)
    .selectFrom('identity.member')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirst();
  return row?.id;
}
