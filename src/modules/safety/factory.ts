import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { act, type ActWish } from './acts.ts';
import type { Subject } from './concerns.ts';
import { report } from './reports.ts';
import type { Reason } from './reasons.ts';

/** A report of something, and the concern that it becomes. */
export async function aReport(
  deps: Pick<Deps, 'db' | 'now'>,
  memberId: string,
  subject: Subject,
  reason: Reason = 'spam',
): Promise<{ concernId: string; version: number }> {
  return inTransaction(deps.db, async (tx) => {
    await report(tx, { memberId }, { id: randomUUID(), subject, reason, words: '' }, deps.now());
    const id = 'pieceId' in subject ? subject.pieceId : subject.profileId;
    const { rows } = await sql<{ concernId: string; version: number }>`
      select id as "concernId", version from safety.concern where ${id} in (piece_id, profile_id)`.execute(
      tx,
    );
    const [concern] = rows;
    if (!concern) throw new Error('a report makes a concern');
    return concern;
  });
}

export const aModerator = (memberId: string): Viewer => ({
  kind: 'member',
  memberId,
  staffRoles: ['service'],
  scopes: [],
});

/** What a moderator does about a concern as it stands. */
export async function anAct(
  deps: Pick<Deps, 'db' | 'now'>,
  by: string,
  wish: Pick<ActWish, 'concernId' | 'kind'> & Partial<ActWish>,
): Promise<string> {
  const id = wish.id ?? randomUUID();
  await inTransaction(deps.db, async (tx) => {
    const { rows } = await sql<{ version: number }>`
      select version from safety.concern where id = ${wish.concernId}`.execute(tx);
    const version = rows[0]?.version ?? 0;
    await act(tx, aModerator(by), { note: '', version, ...wish, id }, deps.now());
  });
  return id;
}
