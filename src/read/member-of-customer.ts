import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** The member that a customer is; undefined where the account was erased, or there was none. */
export async function memberOfCustomer(reads: Db, customerId: string): Promise<string | undefined> {
  const { rows } = await sql<{ memberId: string | null }>`
    select member_id as "memberId" from identity.customer where id = ${customerId}`.execute(reads);
  return rows[0]?.memberId ?? undefined;
}
