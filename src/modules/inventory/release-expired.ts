import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { own } from './own.ts';
import { settle } from './reservations.ts';

const RELEASED_MAX = 1000;

/** Job. One transaction for each reservation, so that a long backlog holds no locks. */
export async function releaseExpired({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  for (let count = 0; count < RELEASED_MAX; count++) {
    const found = await inTransaction(db, async (tx) => {
      const due = await own(tx)
        .selectFrom('inventory.reservation')
        .select('id')
        .where('state', '=', 'held')
        .where('expires_at', '<', now())
        .orderBy('expires_at')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (due) await settle(tx, due.id, 'release');
      return due !== undefined;
    });
    if (!found) return;
  }
}
