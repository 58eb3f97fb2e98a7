import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { insightErrors } from './errors.ts';
import { own } from './own.ts';

export const VIEWS_MAX = 50;
export const VIEW_NAME_MAX = 80;
export const ADDRESS_MAX = 2_000;
/** A page of the desk with what it is asked: never another site, and no fragment. */
export const ADDRESS = /^\/desk\/[a-z-]+(\?[A-Za-z0-9_.~%&=+:-]*)?$/;

export interface SavedView {
  id: string;
  name: string;
  address: string;
  savedAt: Date;
}

/** A member's views, in the order of their names. */
export async function savedViews(db: Db, memberId: string): Promise<SavedView[]> {
  return own(db)
    .selectFrom('insight.saved_view')
    .select(['id', 'name', 'address', 'saved_at as savedAt'])
    .where('member_id', '=', memberId)
    .orderBy('name')
    .limit(VIEWS_MAX)
    .execute();
}

/** Keeps an address under a name. The same id again is a retry, of another member's or for something else it is refused. */
export async function saveView(
  tx: Tx,
  memberId: string,
  { id, name: typed, address }: Omit<SavedView, 'savedAt'>,
  now: Date,
): Promise<void> {
  const name = typed.trim();
  if (name === '' || name.length > VIEW_NAME_MAX) throw insightErrors.view_unfit({ field: 'name' });
  if (address.length > ADDRESS_MAX || !ADDRESS.test(address))
    throw insightErrors.view_unfit({ field: 'address' });
  // Two that a member saves at once wait for each other: counted together they could be too many.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`insight.saved_view ${memberId}`}, 0))`.execute(
    tx,
  );
  const known = await own(tx)
    .selectFrom('insight.saved_view')
    .select(['member_id as memberId', 'name', 'address'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (known) {
    if (known.memberId === memberId && known.name === name && known.address === address) return;
    throw insightErrors.view_differs({ viewId: id });
  }
  const kept = await savedViews(tx, memberId);
  if (kept.some((view) => view.name === name)) throw insightErrors.view_name_taken({ name });
  if (kept.length >= VIEWS_MAX) throw insightErrors.views_full({ most: VIEWS_MAX });
  const isNew = await own(tx)
    .insertInto('insight.saved_view')
    .values({ id, member_id: memberId, name, address, saved_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!isNew) throw insightErrors.view_differs({ viewId: id });
}

/** Lets go of one of the member's own; one that is gone stays gone. */
export async function deleteView(tx: Tx, memberId: string, id: string): Promise<void> {
  await own(tx)
    .deleteFrom('insight.saved_view')
    .where('id', '=', id)
    .where('member_id', '=', memberId)
    .execute();
}

/** All that a member who is gone has kept. */
export async function eraseViews(tx: Tx, memberId: string): Promise<void> {
  await own(tx).deleteFrom('insight.saved_view').where('member_id', '=', memberId).execute();
}
