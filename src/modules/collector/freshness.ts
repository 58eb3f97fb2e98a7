import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** How current the stream is: as of the oldest of what clients sent and what our own ledgers say that waits to go in. */
export async function streamFreshness(db: Db): Promise<{ asOf: Date; isBehind: boolean }> {
  const { rows } = await sql<{ now: Date; waiting: Date | null }>`
    select now() as now, least(
      (select min(held_at) from collector.waiting_batch where refused is null),
      (select event.occurred_at from platform.event
        where (event.committed_by, event.id) > (follower.position, follower.event_id)
        order by event.committed_by, event.id limit 1)) as waiting
    from collector.follower`.execute(db);
  const [found] = rows;
  if (!found) throw new Error('The follower of the stream has no row: the database is not migrated');
  return { asOf: found.waiting ?? found.now, isBehind: found.waiting !== null };
}
