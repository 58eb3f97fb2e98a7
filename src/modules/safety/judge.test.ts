import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { changeBoard, changePin } from '#modules/boards/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { commentsOf, editComment, say, setTrust } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anAct } from './factory.ts';
import { queue } from './queue.ts';

test('links of new members wait for a moderator, in words and in later ones; what was put back is left', async ({
  deps,
  db,
  work,
}) => {
  const [ada, ben, clerk] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const board = await aBoard(deps, ada.memberId);
  const id = randomUUID();
  const stateOf = async (pieceId: string) => {
    const { rows } = await sql<{
      state: string;
    }>`select state from social.piece where id = ${pieceId}`.execute(db);
    return rows[0]?.state;
  };
  await inTransaction(db, (tx) =>
    say(tx, { memberId: ben.memberId }, { id, subjectId: board, body: 'Nice.' }, deps.now()),
  );
  await work();
  expect(await stateOf(id)).toBe('live');
  await inTransaction(db, (tx) => editComment(tx, ben.memberId, id, 'Buy https://a.example', deps.now()));
  await work();
  expect(await stateOf(id)).toBe('held');
  expect((await commentsOf(db, { memberId: ada.memberId }, board)).comments).toEqual([]);
  expect((await commentsOf(db, { memberId: ben.memberId }, board)).comments).toHaveLength(1);

  const waiting = (await queue(db, { limit: 50, cause: 'check' })).concerns.filter(
    (each) => each.pieceId === id,
  );
  expect(waiting).toMatchObject([{ causes: ['check'], words: 'Buy https://a.example', urgency: 3 }]);
  await anAct(deps, clerk.memberId, { concernId: waiting[0]?.id ?? '', kind: 'keep' });
  await work();
  expect(await stateOf(id)).toBe('live');
  await inTransaction(db, (tx) => editComment(tx, ben.memberId, id, 'Buy https://b.example', deps.now()));
  await work();
  expect(await stateOf(id)).toBe('held');

  await inTransaction(db, (tx) =>
    setTrust(tx, ben.memberId, { level: 1, why: '', by: clerk.memberId }, deps.now()),
  );
  const known = randomUUID();
  await inTransaction(db, (tx) =>
    say(
      tx,
      { memberId: ben.memberId },
      { id: known, subjectId: board, body: 'See https://c.example' },
      deps.now(),
    ),
  );
  await work();
  expect(await stateOf(known)).toBe('live');
});

test('some links are pinned by a new member at once, blocked hosts by nobody, and a secret board is judged when opened', async ({
  deps,
  db,
  work,
}) => {
  const [ada, clerk] = [await aPerson(deps), await aPerson(deps)];
  await sql`insert into safety.blocked_host (host, blocked_by, since) values ('evil.example', ${clerk.memberId}, now())`.execute(
    db,
  );
  const board = await aBoard(deps, ada.memberId, { visibility: 'secret' });
  const pin = (url: string) => aPin(deps, ada.memberId, board, { kind: 'link', url });
  const pins = [];
  for (let n = 0; n < 7; n++) pins.push(await pin(`https://good.invalid/${n}`));
  const evil = await pin('https://shop.evil.example/');
  await work();
  const held = async () => {
    const { rows } = await sql<{ id: string }>`
      select id from social.piece where root_id = ${board} and state = 'held' order by made_at`.execute(db);
    return rows.map((row) => row.id);
  };
  expect(await held()).toEqual([]);
  await inTransaction(db, (tx) =>
    changeBoard(tx, { memberId: ada.memberId }, board, { visibility: 'public' }, deps.now()),
  );
  await work();
  expect(await held()).toContain(evil);
  const { rows } = await sql<{
    count: number;
  }>`select pin_count as count from boards.board where id = ${board}`.execute(db);
  expect(rows[0]?.count).toBe(8 - (await held()).length);

  const open = await aBoard(deps, clerk.memberId);
  const shown = await aPin(deps, clerk.memberId, open, { kind: 'link', url: 'https://good.invalid/x' });
  await work();
  await inTransaction(db, (tx) =>
    changePin(tx, { memberId: clerk.memberId }, shown, { note: 'From https://www.evil.example' }),
  );
  await work();
  const { rows: states } = await sql<{
    state: string;
  }>`select state from social.piece where id = ${shown}`.execute(db);
  expect(states).toEqual([{ state: 'held' }]);
});
