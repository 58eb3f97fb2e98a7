import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { identityErrors, memberOfCode, memberOfEmail } from '../identity/index.ts';
import { tillErrors } from './errors.ts';

/** Who buys, as they say it at the counter: by their address, or by the code that they show. */
export type CustomerWish = { email: string } | { code: string };

/** What a code is asked by: wrong ones are counted, whatever becomes of the rest. */
export type Asking = Pick<Deps, 'db' | 'config' | 'now'>;

/** The member that a customer is; null where nobody says who they are. `askedBy` is whoever serves them. */
export async function customerOf(
  deps: Asking,
  askedBy: string,
  customer: CustomerWish | undefined,
): Promise<string | null> {
  if (!customer) return null;
  if ('code' in customer) {
    return memberOfCode(deps, askedBy, customer.code).catch((error: unknown) => {
      const isUnknown = error instanceof AppError && error.code === identityErrors.member_code_unknown.code;
      throw isUnknown ? tillErrors.customer_unknown({}) : error;
    });
  }
  const memberId = await memberOfEmail(deps.db, customer.email);
  if (memberId === undefined) throw tillErrors.customer_unknown({});
  return memberId;
}
