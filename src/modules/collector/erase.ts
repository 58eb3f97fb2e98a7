import { sql } from 'kysely';
import { deleteRows } from '#platform/clickhouse.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { own } from './own.ts';
import { isAnyWaiting } from './waiting.ts';

/** So long a client may keep an event and send it: until then a member who is gone has to be looked for. */
const LATE_DAYS = 400;
const MEMBERS_AT_ONCE = 200;
const MEMBERS_MAX = 100_000;

/**
 * What was set aside of theirs goes at once, and what the stream has of them by the job, within the hour. The stream
 * changes by rewriting its files, which is done for many members together.
 */
export async function eraseCollected(tx: Tx, memberId: string, at: Date): Promise<void> {
  await own(tx)
    .insertInto('collector.erasure')
    .values({ member_id: memberId, asked_at: at })
    .onConflict((conflict) => conflict.column('member_id').doUpdateSet({ done_at: null }))
    .execute();
  await dropLetters(tx, [memberId]);
}

/** Also those that name the member somewhere in their words: there is a month of them at most. */
async function dropLetters(tx: Tx, memberIds: readonly string[]): Promise<void> {
  await sql`delete from collector.dead_letter
    where user_id = any(${memberIds}::text[]) or body ilike any (${memberIds.map((id) => `%${id}%`)}::text[])`.execute(
    tx,
  );
}

/** Job of the hour: those who asked since the last one. What waits to be sent comes first, or it would come after. */
export async function eraseAsked(deps: Pick<Deps, 'db' | 'clickhouse' | 'now'>): Promise<void> {
  const { db, now } = deps;
  for (;;) {
    const asked = await own(db)
      .selectFrom('collector.erasure')
      .select('member_id as id')
      .where('done_at', 'is', null)
      .orderBy('asked_at')
      .limit(MEMBERS_AT_ONCE)
      .execute();
    if (asked.length === 0 || (await isAnyWaiting(db))) return;
    const ids = asked.map(({ id }) => id);
    await eraseFromStream(deps, ids);
    await inTransaction(db, (tx) =>
      own(tx)
        .updateTable('collector.erasure')
        .set({ done_at: now() })
        .where('member_id', 'in', ids)
        .execute(),
    );
  }
}

/** Job of the day: what clients have sent late of those who are gone. */
export async function eraseLate(deps: Pick<Deps, 'db' | 'clickhouse' | 'now'>): Promise<void> {
  const since = new Date(deps.now().getTime() - LATE_DAYS * 86_400_000);
  const gone = await own(deps.db)
    .selectFrom('collector.erasure')
    .select('member_id as id')
    .where('asked_at', '>', since)
    .orderBy('asked_at', 'desc')
    .limit(MEMBERS_MAX)
    .execute();
  for (let from = 0; from < gone.length; from += MEMBERS_AT_ONCE) {
    const ids = gone.slice(from, from + MEMBERS_AT_ONCE).map(({ id }) => id);
    await inTransaction(deps.db, (tx) => dropLetters(tx, ids));
    await eraseFromStream(deps, ids);
  }
}

/**
 * With their anonymous ids, where nobody else used those: a tablet that several people share stays in the figures of
 * the others. Rows are rewritten, not only hidden.
 */
async function eraseFromStream({ clickhouse }: Pick<Deps, 'clickhouse'>, memberIds: string[]): Promise<void> {
  const theirs = `member_id in {members: Array(UUID)} or lower(user_id) in {names: Array(String)}`;
  const query_params = { members: memberIds, names: memberIds };
  const found = await clickhouse.query({
    query: `
      select anonymous_id as id, countIf(not (${theirs}) and user_id != '') as others
      from event where anonymous_id in (select anonymous_id from event where (${theirs}) and anonymous_id != '')
      group by anonymous_id having others = 0`,
    query_params,
    format: 'JSONEachRow',
  });
  const anonymous = (await found.json<{ id: string }>()).map(({ id }) => id);
  const counted = await clickhouse.query({
    query: `select count() > 0 as isThere from event where ${theirs}`,
    query_params,
    format: 'JSONEachRow',
  });
  const [row] = await counted.json<{ isThere: number | boolean }>();
  if (!row?.isThere) return;
  // The stream last: killed in between, it still says whose ids have to be looked for.
  for (const table of ['event_step', 'event']) {
    await deleteRows(clickhouse, table, {
      where: `${theirs} or anonymous_id in {anonymous: Array(String)}`,
      params: { ...query_params, anonymous },
    });
  }
}
