import type { Db, Tx } from '#platform/db.ts';
import { record } from './audit.ts';
import { identityErrors } from './errors.ts';
import { own } from './own.ts';

export interface Passkey {
  id: string;
  name: string;
  addedAt: Date;
}

export async function passkeysOf(db: Db, memberId: string): Promise<Passkey[]> {
  const rows = await own(db)
    .selectFrom('identity.passkey')
    .select(['id', 'name', 'created_at as addedAt'])
    .where('member_id', '=', memberId)
    .orderBy('created_at')
    .limit(100)
    .execute();
  return rows.map((row) => ({ ...row, name: row.name ?? '' }));
}

export async function removePasskey(tx: Tx, memberId: string, id: string): Promise<void> {
  const removed = await own(tx)
    .deleteFrom('identity.passkey')
    .where('id', '=', id)
    .where('member_id', '=', memberId)
    .returning('id')
    .executeTakeFirst();
  if (!removed) throw identityErrors.passkey_unknown({});
  await record(tx, `member:${memberId}`, 'passkey_removed', `passkey:${id}`);
}
