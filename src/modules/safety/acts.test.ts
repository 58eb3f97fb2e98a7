import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard } from '#modules/boards/factory.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { aReview, aReviewedProduct } from '#modules/reviews/factory.ts';
import { countOf } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, mayDo, say, trustOf } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aReport, anAct } from './factory.ts';
import { concernPage, queue } from './queue.ts';

test('what is reported waits by its urgency; a removal is logged and told, an appeal decided by somebody else', async ({
  app,
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const [author, reader, clerk, chief] = [
    await aPerson(deps),
    await aPerson(deps),
    await aSignedInMember(deps, ['service']),
    await aSignedInMember(deps, ['merchant']),
  ];
  const pieceId = await aReview(deps, author, { productId, rating: 1, body: 'Rubbish.' });
  const send = async (method: 'PUT' | 'GET', url: string, cookie: string, payload?: object) =>
    app.inject({ method, url: `/v1/safety${url}`, headers: { cookie }, ...(payload && { payload }) });

  const report = { pieceId, reason: 'insult', words: 'Mean.' };
  expect((await send('PUT', `/reports/${randomUUID()}`, author.cookie, report)).json()).toMatchObject({
    status: 403,
    type: '/problems/safety.own_thing',
  });
  for (const attempt of ['first', 'again'])
    expect((await send('PUT', `/reports/${randomUUID()}`, reader.cookie, report)).statusCode, attempt).toBe(
      204,
    );
  expect((await send('GET', '/concerns', reader.cookie)).statusCode).toBe(403);
  const { concerns } = (await send('GET', '/concerns?cause=report', clerk.cookie)).json();
  const mine = concerns.filter((each: { pieceId: string }) => each.pieceId === pieceId);
  expect(mine).toMatchObject([
    { kind: 'review', words: 'Rubbish.', urgency: 1, reports: 1, reasons: ['insult'], version: 1 },
  ]);

  const { id: concernId } = mine[0];
  const removal = randomUUID();
  const act = (cookie: string, id: string, wish: object) =>
    send('PUT', `/concerns/${concernId}/acts/${id}`, cookie, wish);
  const remove = { version: 1, kind: 'remove', reason: 'insult', note: 'Please be kind.' };
  expect((await act(clerk.cookie, removal, { ...remove, reason: 'one_star' })).statusCode).toBe(400);
  expect((await act(clerk.cookie, removal, { ...remove, kind: 'restore' })).statusCode).toBe(409);
  for (const attempt of ['first', 'retry'])
    expect((await act(clerk.cookie, removal, remove)).statusCode, attempt).toBe(204);
  expect((await act(chief.cookie, randomUUID(), { version: 1, kind: 'keep' })).json()).toMatchObject({
    type: '/problems/safety.moved_meanwhile',
    data: { version: 2 },
  });
  expect((await countOf(db, undefined, productId, {})).count).toBe(0);

  const own = (await send('GET', '/removals/mine', author.cookie)).json();
  expect(own.removals).toMatchObject([
    {
      id: removal,
      reason: 'insult',
      note: 'Please be kind.',
      state: 'removed',
      words: 'Rubbish.',
      isAppealable: true,
    },
  ]);
  const { rows: told } = await sql`
    select kind, actor_id, data from social.notice where member_id = ${author.memberId}`.execute(db);
  expect(told).toEqual([
    { kind: 'moderated', actor_id: null, data: { act: 'remove', actId: removal, reason: 'insult' } },
  ]);

  const appeal = { words: 'It is my view.' };
  expect((await send('PUT', `/removals/${removal}/appeal`, reader.cookie, appeal)).statusCode).toBe(409);
  for (const attempt of ['first', 'retry'])
    expect(
      (await send('PUT', `/removals/${removal}/appeal`, author.cookie, appeal)).statusCode,
      attempt,
    ).toBe(204);
  expect(
    (await send('PUT', `/removals/${removal}/appeal`, author.cookie, { words: 'Also' })).statusCode,
  ).toBe(409);
  const restore = { version: 3, kind: 'restore' };
  expect((await act(clerk.cookie, randomUUID(), restore)).json()).toMatchObject({
    type: '/problems/safety.not_your_appeal',
  });
  expect((await act(chief.cookie, randomUUID(), { ...restore, kind: 'keep' })).statusCode).toBe(409);
  expect((await act(chief.cookie, randomUUID(), restore)).statusCode).toBe(204);
  expect(await countOf(db, undefined, productId, {})).toEqual({ count: 1, average: 1 });
  expect((await queue(db, { limit: 50 })).concerns.map(({ id }) => id)).not.toContain(concernId);
  const log = (await send('GET', '/removals', chief.cookie)).json();
  expect(log.removals[0]).toMatchObject({ id: removal, state: 'restored', appeal: 'It is my view.' });
});

test('of moderators who act on one thing at once, one acts and the others are told', async ({ deps, db }) => {
  const [author, reader] = [await aPerson(deps), await aPerson(deps)];
  const pieceId = await aBoard(deps, author.memberId);
  const { concernId, version } = await aReport(deps, reader.memberId, { pieceId });
  const staff = await Promise.all(Array.from({ length: 5 }, () => aPerson(deps)));
  const ends = await Promise.allSettled(
    staff.map(({ memberId }, n) =>
      anAct(deps, memberId, {
        concernId,
        version,
        ...(n % 2 === 0 ? { kind: 'keep' as const } : { kind: 'remove' as const, reason: 'spam' as const }),
      }),
    ),
  );
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const end of ends)
    if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'safety.moved_meanwhile' });
  const { rows } = await sql`select from safety.act where concern_id = ${concernId}`.execute(db);
  expect(rows).toHaveLength(1);
});

test('only who may see a thing reports it, and the secret is read by moderators once it was reported', async ({
  deps,
  db,
}) => {
  const [ada, ben, stranger, blocked] = await Promise.all(Array.from({ length: 4 }, () => aPerson(deps)));
  if (!ada || !ben || !stranger || !blocked) throw new Error('four people');
  const board = await aBoard(deps, ada.memberId, { visibility: 'secret' });
  await sql`insert into social.collaborator values (${board}, ${ben.memberId}, 'editor', ${ada.memberId}, now(), now())`.execute(
    db,
  );
  const said = randomUUID();
  await inTransaction(db, async (tx) => {
    await say(tx, { memberId: ben.memberId }, { id: said, subjectId: board, body: 'Buy here' }, deps.now());
    await block(tx, ada.memberId, blocked.memberId, deps.now());
  });
  await expect(aReport(deps, stranger.memberId, { pieceId: said })).rejects.toMatchObject({
    code: 'social.piece_not_found',
  });
  await expect(aReport(deps, blocked.memberId, { profileId: ada.memberId })).rejects.toMatchObject({
    code: 'social.person_not_found',
  });
  await expect(
    aReport(deps, stranger.memberId, { profileId: ada.memberId }, 'not_about_product'),
  ).rejects.toMatchObject({ code: 'safety.reason_not_for_kind' });
  const { concernId } = await aReport(deps, ada.memberId, { pieceId: said });
  expect(await concernPage(db, concernId)).toMatchObject({
    words: 'Buy here',
    kind: 'comment',
    state: 'live',
  });
  await anAct(deps, stranger.memberId, { concernId, kind: 'keep' });
  await expect(concernPage(db, concernId)).rejects.toMatchObject({ code: 'safety.concern_not_found' });
});

test('a member is warned, paused and trusted by a moderator, and nobody judges themselves', async ({
  deps,
  db,
}) => {
  const [ada, reader, clerk] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const { concernId } = await aReport(deps, reader.memberId, { profileId: ada.memberId }, 'deceit');
  const by = (wish: Parameters<typeof anAct>[2]) => anAct(deps, clerk.memberId, wish);
  await expect(anAct(deps, ada.memberId, { concernId, kind: 'keep' })).rejects.toMatchObject({
    code: 'safety.own_thing',
  });
  await expect(by({ concernId, kind: 'warn' })).rejects.toMatchObject({ code: 'safety.note_missing' });
  await expect(by({ concernId, kind: 'remove', reason: 'spam' })).rejects.toMatchObject({
    code: 'safety.act_not_open',
  });
  await by({ concernId, kind: 'warn', note: 'That is not your name.' });
  await by({ concernId, kind: 'trust', level: 2, note: 'Known to us' });
  expect(await trustOf(db, ada.memberId)).toMatchObject({ level: 2, isSet: true, why: 'Known to us' });
  const until = new Date(deps.now().getTime() + 86_400_000);
  await by({ concernId, kind: 'suspend', until });
  await expect(mayDo(deps, ada.memberId, 'comment')).rejects.toMatchObject({
    code: 'social.suspended',
    data: { until: until.toISOString() },
  });
  await mayDo({ ...deps, now: () => new Date(until.getTime() + 1) }, ada.memberId, 'comment');
  await expect(by({ concernId, kind: 'suspend', until: deps.now() })).rejects.toMatchObject({
    code: 'safety.until_invalid',
  });
  expect((await concernPage(db, concernId)).isOpen).toBe(true);
  await by({ concernId, kind: 'clear', reason: 'deceit' });
  const page = await concernPage(db, concernId);
  expect(page).toMatchObject({ isOpen: false, owner: { name: 'Somebody', bio: '' } });
  expect(page.history.map(({ kind, count }) => [kind, count])).toEqual([
    ['warn', 1],
    ['trust', 1],
    ['suspend', 1],
    ['clear', 1],
  ]);
});
