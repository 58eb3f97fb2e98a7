import { randomBytes } from 'node:crypto';
import { STAFF_ROLES, type StaffRole } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { StartFault } from '#platform/start-fault.ts';
import { erasePerson } from '../erasure.ts';
import { seedMember } from '../modules/identity/index.ts';
import { memberIdOf } from '../read/command-facts.ts';
import { inSession } from './session.ts';

interface UserOptions {
  email?: string;
  name?: string;
  role?: string;
  password?: string;
}

const PASSWORD_CHARACTERS_MIN = 10;

/** `stoa user add` and `stoa user erase`. */
export async function userCommand(action: string, options: UserOptions): Promise<void> {
  if (action === 'add') return addUser(options);
  if (action === 'erase') return eraseUser(options);
  throw new StartFault(`There is no stoa user ${action}: only stoa user add and stoa user erase.`);
}

/** Somebody's account and everything personal with it, for whoever asks the retailer instead of doing it themselves. */
async function eraseUser({ email }: UserOptions): Promise<void> {
  if (typeof email !== 'string') throw new StartFault('Say whom: stoa user erase --email name@example.com.');
  await inSession('user', async ({ deps }) => {
    const memberId = await memberIdOf(deps.reads, email);
    if (memberId === undefined) throw new StartFault(`${email} has no account here; nothing has changed.`);
    await inTransaction(deps.db, (tx) => erasePerson(tx, memberId, deps.now()));
    process.stdout.write('The account is erased, and with it the addresses of its orders.\n');
  });
}

/** An account that can sign in at once. Its password is made and shown unless it is given. */
async function addUser({ email, name, role, password }: UserOptions): Promise<void> {
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new StartFault('Say who: stoa user add --email name@example.com --role admin.');
  }
  if (role !== undefined && !isRole(role)) {
    throw new StartFault(
      `There is no role ${role}: it is one of ${STAFF_ROLES.join(', ')}; without one, a shopper.`,
    );
  }
  const given = password === undefined ? undefined : String(password);
  if (given !== undefined && given.length < PASSWORD_CHARACTERS_MIN) {
    throw new StartFault(`A password has at least ${PASSWORD_CHARACTERS_MIN} characters.`);
  }
  await inSession('user', async ({ deps }) => {
    if ((await memberIdOf(deps.reads, email)) !== undefined)
      throw new StartFault(`${email} has an account already; nothing has changed.`);
    const chosen = given ?? randomBytes(12).toString('base64url');
    const wish = { email, name: name ?? email.split('@')[0] ?? email, password: chosen };
    await seedMember(deps, role === undefined ? wish : { ...wish, staffRoles: [role] });
    const shown = given === undefined ? ` with the password ${chosen}` : '';
    process.stdout.write(
      `${email} can sign in${shown}${role === undefined ? '' : ` and is staff (${role})`}.\n`,
    );
  });
}

const isRole = (role: string): role is StaffRole => STAFF_ROLES.some((each) => each === role);
