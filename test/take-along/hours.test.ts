import { sql } from 'kysely';
import { expect } from 'vitest';
import { intakeById, leftOutOf } from '#modules/archives/index.ts';
import { mayDo, ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { takeIn } from '../../src/take-along/take-in.ts';
import { aSignedInBrowser } from '../../src/web/factory.ts';
import { aBoardSaid, brought, commentsSaid, outbox } from './brought.ts';

const HOUR_MS = 3_600_000;

test('more words than an hour takes are said again over the next hours by themselves, and some are left to say by hand', async ({
  app,
  deps,
  db,
}) => {
  const ada = await aSignedInBrowser(app, deps);
  await inTransaction(db, (tx) => ownProfile(tx, ada.memberId, 'Ada', deps.now()));
  const begun = Date.now();
  const inHours = (hours: number) => ({ ...deps, now: () => new Date(begun + hours * HOUR_MS) });
  const said = async () => {
    const { rows } = await sql<{ body: string }>`
      select body from social.comment join social.piece on piece.id = comment.id
      where owner_id = ${ada.memberId} order by substring(body from 9)::integer`.execute(db);
    return rows.map(({ body }) => body);
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, nth) => `Comment ${nth}`);

  // A newcomer says 20 an hour; 15 of them are an archive's.
  const intakeId = await brought(
    deps,
    ada.memberId,
    await outbox([aBoardSaid(), ...commentsSaid(35), { type: 'Like', object: { id: 'x' } }]),
  );
  await takeIn(inHours(0), { intakeId });
  expect(await said()).toEqual(upTo(15));
  const waiting = await intakeById(db, intakeId);
  expect(waiting).toMatchObject({ state: 'waiting', steps: 17, goesOnAt: expect.any(Date) as Date });
  const { rows: jobs } = await sql<{ runAt: Date }>`
    select run_at as "runAt" from graphile_worker.jobs where key = ${`archives.take_in:${intakeId}`}`.execute(
    db,
  );
  expect(jobs).toEqual([{ runAt: waiting?.goesOnAt }]);
  const wait = (waiting?.goesOnAt?.getTime() ?? 0) - begun;
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(HOUR_MS + 1000);
  const page = (await ada.open(`/account/data/imports/${intakeId}`)).body;
  expect(page).toContain(
    '17 of 37 things looked at. What you said elsewhere is said again here a part each hour',
  );
  expect((await ada.open('/account/data')).body).toContain('You need not bring the file again.');
  const told = await app.inject({
    url: `/v1/archives/imports/${intakeId}`,
    headers: { cookie: [...ada.jar].map((pair) => pair.join('=')).join('; ') },
  });
  const goesOnAt = waiting?.goesOnAt?.toISOString();
  expect(told.json()).toMatchObject({ import: { state: 'waiting', goesOnAt } });
  // The first word too many was counted; the rest of the hour is hers.
  for (let nth = 0; nth < 4; nth++) await mayDo(deps, ada.memberId, 'comment');
  await expect(mayDo(deps, ada.memberId, 'comment')).rejects.toMatchObject({
    code: 'identity.too_many_attempts',
  });

  // Begun again too early it says nothing and waits on; in its time it goes on where it was.
  await takeIn(inHours(0), { intakeId });
  expect(await said()).toEqual(upTo(15));
  await takeIn(inHours(1.1), { intakeId });
  expect(await said()).toEqual(upTo(30));
  expect(await intakeById(db, intakeId)).toMatchObject({ state: 'waiting', steps: 32 });
  await takeIn(inHours(2.2), { intakeId });
  expect(await said()).toEqual(upTo(35));
  expect(await intakeById(db, intakeId)).toMatchObject({
    state: 'done',
    goesOnAt: null,
    taken: 36,
    known: 0,
    steps: 38,
  });
  expect((await leftOutOf(db, intakeId)).map(({ reason }) => reason)).toEqual(['counted_there']);
});

test('an import that goes on for hours is stopped by its member: what has come stays, the rest does not come', async ({
  app,
  deps,
  db,
}) => {
  const [ada, ben] = [await aSignedInBrowser(app, deps), await aSignedInBrowser(app, deps)];
  await inTransaction(db, (tx) => ownProfile(tx, ada.memberId, 'Ada', deps.now()));
  const intakeId = await brought(deps, ada.memberId, await outbox([aBoardSaid(), ...commentsSaid(35)]));
  await takeIn(deps, { intakeId });
  const cookieOf = ({ jar }: typeof ada) => [...jar].map((pair) => pair.join('=')).join('; ');
  const stop = (browser: typeof ada) =>
    app.inject({
      method: 'post',
      url: `/v1/archives/imports/${intakeId}/stop`,
      headers: { cookie: cookieOf(browser) },
    });
  expect((await stop(ben)).json()).toMatchObject({ type: '/problems/archives.intake_not_found' });
  expect(await intakeById(db, intakeId)).toMatchObject({ state: 'waiting', steps: 17 });

  expect((await ada.send(`/account/data/imports/${intakeId}/stop`, {})).statusCode).toBe(303);
  const page = (await ada.open(`/account/data/imports/${intakeId}`)).body;
  expect(page).toContain('You stopped it: 16 things taken in, 0 were here already, 19 not looked at');
  expect(page).not.toContain('Stop: keep what has come');
  const stopped = await intakeById(db, intakeId);
  expect(stopped).toMatchObject({ state: 'refused', refusal: 'stopped', key: null, goesOnAt: null });
  expect((await stop(ada)).json()).toMatchObject({ state: 'refused', refusal: 'stopped' });
  expect(await intakeById(db, intakeId)).toEqual(stopped);

  await takeIn({ ...deps, now: () => new Date(Date.now() + 2 * HOUR_MS) }, { intakeId });
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from social.comment join social.piece on piece.id = comment.id
    where owner_id = ${ada.memberId}`.execute(db);
  expect(rows).toEqual([{ count: 15 }]);
});
