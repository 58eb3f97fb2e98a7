import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import sharp from 'sharp';
import { expect } from 'vitest';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { aLook } from '#modules/looks/factory.ts';
import { draftPost, publishPost } from '#modules/posts/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { addPhoto, changeProfile, ownProfile, setVisibility } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { anAct } from './factory.ts';
import { judgePiece } from './judge.ts';
import { JUDGE_PICTURES, judgePictures, queuePictures, TRIES_MAX } from './judge-pictures.ts';
import { askJudge } from './picture-judge.ts';
import { concernPage, queue } from './queue.ts';

const SECRET = 's'.repeat(32);
const MINUTE_MS = 60_000;

interface Asked {
  headers: IncomingHttpHeaders;
  method: string | undefined;
  bytes: Buffer;
}

/** Speaks the protocol: answers what `says` holds, and notes what it was asked. */
async function aJudge() {
  const asked: Asked[] = [];
  const says = { status: 200, body: '{"labels":[]}' };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      asked.push({ headers: request.headers, method: request.method, bytes: Buffer.concat(parts) });
      if (says.status === 0) return; // never answers
      response.writeHead(says.status, { location: '/elsewhere' }).end(says.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/judge`;
  return {
    asked,
    url,
    labels: (...labels: [string, number][]) => {
      says.status = 200;
      says.body = JSON.stringify({ labels: labels.map(([label, score]) => ({ label, score })) });
    },
    answers: (status: number, body = '') => Object.assign(says, { status, body }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As the shop's own, but with somebody who judges pictures, and a clock that is put forward by hand. */
function judging(deps: Deps, url: string, holdAt: Record<string, number> = {}) {
  const clock = { at: Date.now() + 60 * MINUTE_MS };
  const pictureJudge = { url, secret: SECRET, queueAt: { nudity: 0.7, '*': 0.9 }, holdAt };
  return {
    clock,
    deps: { ...deps, now: () => new Date(clock.at), config: { ...deps.config, pictureJudge } },
  };
}

const paint = (background: string) =>
  sharp({ create: { width: 900, height: 600, channels: 3, background } })
    .jpeg()
    .toBuffer();

/** A post of one photo, which is ready. */
async function aShownPhoto(deps: Deps, work: () => Promise<void>, ownerId: string, colour: string) {
  const [id, photoId] = [newId(), randomUUID()];
  await addPhoto(deps, { id: photoId, ownerId, alt: 'A table' }, await paint(colour));
  await inTransaction(deps.db, async (tx) => {
    const words = { caption: 'Look', isShared: true, visibility: 'public' as const, photoIds: [photoId] };
    await draftPost(tx, ownerId, id, words, deps.now());
    await publishPost(tx, ownerId, id, {}, deps.now());
  });
  await work();
  return { id, photoId };
}

const queued = (db: Db, id: string, kind: 'piece' | 'profile' = 'piece') =>
  inTransaction(db, (tx) => queuePictures(tx, id, kind));

const stateOf = async (db: Db, id: string) => {
  const { rows } = await sql<{ state: string }>`select state from social.piece where id = ${id}`.execute(db);
  return rows[0]?.state;
};

const concernOf = async (db: Db, id: string) => {
  const { concerns } = await queue(db, { limit: 100, cause: 'check' });
  return concerns.find((each) => each.pieceId === id || (each.kind === 'profile' && each.ownerId === id));
};

const triesOf = async (db: Db, id: string) => {
  const { rows } = await sql<{ tries: number; dueAt: Date }>`
    select tries, due_at as "dueAt" from safety.picture_task where subject_id = ${id}`.execute(db);
  return rows[0];
};

test('a picture is sent once, small and by nobody’s name; what reaches a limit waits with label and score', async ({
  deps,
  db,
  work,
}) => {
  await using judge = await aJudge();
  const { deps: with_ } = judging(deps, judge.url);
  const [ada, ben] = [await aPerson(deps), await aPerson(deps)];
  const [first, again] = [
    await aShownPhoto(deps, work, ada.memberId, '#a05030'),
    await aShownPhoto(deps, work, ben.memberId, '#a05030'),
  ];
  const harmless = await aShownPhoto(deps, work, ada.memberId, '#30a050');
  judge.labels(['nudity', 0.72], ['violence', 0.89], ['nudity', 0.1]);
  for (const { id } of [first, again]) await queued(db, id);
  await judgePictures(with_);
  expect(judge.asked).toHaveLength(1);
  const [sent] = judge.asked;
  const { authorization, 'content-type': type, 'stoa-picture': digest, ...others } = sent?.headers ?? {};
  expect([sent?.method, authorization, type]).toEqual(['POST', `Bearer ${SECRET}`, 'image/webp']);
  expect(digest).toMatch(/^[\da-f]{64}$/);
  expect(JSON.stringify(others)).not.toContain(ada.memberId);
  expect((await sharp(sent?.bytes).metadata()).width).toBe(480);

  judge.labels(['violence', 0.89]);
  await queued(db, harmless.id);
  await judgePictures(with_);
  expect(judge.asked).toHaveLength(2);
  expect(await concernOf(db, harmless.id)).toBeUndefined();
  for (const { id, photoId } of [first, again]) {
    const concern = await concernOf(db, id);
    expect([concern?.state, concern?.urgency, concern?.causes]).toEqual(['live', 3, ['check']]);
    const { signals } = await concernPage(db, concern?.id ?? '');
    expect(signals.map(({ kind, value, evidence }) => ({ kind, value, evidence }))).toEqual([
      {
        kind: 'picture_label',
        value: 0.72,
        evidence: { pictures: [{ photoId, labels: [{ label: 'nudity', score: 0.72 }] }] },
      },
    ]);
  }
});

test('above the limit to hold it is held, and a moderator’s word stands when it is judged again', async ({
  deps,
  db,
  work,
}) => {
  await using judge = await aJudge();
  const { deps: with_ } = judging(deps, judge.url, { nudity: 0.95 });
  const [ada, clerk] = [await aPerson(deps), await aPerson(deps)];
  const { id } = await aShownPhoto(deps, work, ada.memberId, '#102030');
  judge.labels(['nudity', 0.95]);
  await queued(db, id);
  await judgePictures(with_);
  expect(await stateOf(db, id)).toBe('held');
  const concern = await concernOf(db, id);
  await anAct(deps, clerk.memberId, { concernId: concern?.id ?? '', kind: 'keep' });
  await queued(db, id);
  await judgePictures(with_);
  expect([await stateOf(db, id), await concernOf(db, id)]).toEqual(['live', undefined]);
  expect(judge.asked).toHaveLength(1);
});

test('a profile’s picture is put into the queue, and nothing secret is sent', async ({ deps, db, work }) => {
  await using judge = await aJudge();
  const { deps: with_ } = judging(deps, judge.url, { '*': 0.5 });
  const [ada, ben] = [await aPerson(deps), await aPerson(deps)];
  const { id } = await aShownPhoto(deps, work, ben.memberId, '#405060');
  await inTransaction(db, (tx) => setVisibility(tx, id, 'secret'));
  await work(); // its pictures get other addresses
  judge.labels(['violence', 1]);
  await queued(db, id);
  await judgePictures(with_);
  expect(judge.asked).toEqual([]);

  const photoId = randomUUID();
  await addPhoto(deps, { id: photoId, ownerId: ada.memberId, alt: '' }, await paint('#506070'));
  await inTransaction(db, async (tx) => {
    const own = await ownProfile(tx, ada.memberId, 'Ada', deps.now());
    await changeProfile(tx, ada.memberId, { ...own, photoId });
  });
  await work(); // nobody is asked where nobody is configured, and nothing waits for it
  expect([judge.asked, await triesOf(db, ada.memberId)]).toEqual([[], undefined]);
  await queued(db, ada.memberId, 'profile');
  await judgePictures(with_);
  expect(await concernOf(db, ada.memberId)).toMatchObject({ kind: 'profile', urgency: 3, isOpen: true });
});

test('what is drawn of a look is sent once it is there, and again when it is drawn anew', async ({
  deps,
  db,
  work,
}) => {
  await using judge = await aJudge();
  const { deps: with_ } = judging(deps, judge.url);
  const ada = await aPerson(deps);
  const product = await aPublishedProduct(db, 'Vase');
  const lookId = await aLook(deps, ada.memberId, [product.id]);
  await judgePiece(with_, { pieceId: lookId });
  expect(await triesOf(db, lookId)).toBeUndefined(); // there is nothing to see yet
  await work();
  judge.labels(['nudity', 0.8]);
  await judgePiece(with_, { pieceId: lookId });
  await judgePictures(with_);
  expect(judge.asked).toHaveLength(1);
  expect((await sharp(judge.asked[0]?.bytes).metadata()).width).toBe(480);
  const concern = await concernOf(db, lookId);
  const { signals } = await concernPage(db, concern?.id ?? '');
  expect(signals.map(({ evidence }) => evidence)).toEqual([
    { pictures: [{ lookId, labels: [{ label: 'nudity', score: 0.8 }] }] },
  ]);
  // What came late is told to who judges: the look when it was drawn.
  const { rows } = await sql<{ payload: unknown }>`
    select payload from platform.event where name = 'social.picture_came.v1'`.execute(db);
  expect(rows).toEqual([{ payload: { pieceId: lookId } }]);
});

test('while it is away all is shown, it is asked once a run and later each time, and let be after the last try', async ({
  deps,
  db,
  work,
}) => {
  await using judge = await aJudge();
  const { deps: with_, clock } = judging(deps, judge.url);
  const ada = await aPerson(deps);
  const [one, two] = [
    await aShownPhoto(deps, work, ada.memberId, '#607080'),
    await aShownPhoto(deps, work, ada.memberId, '#708090'),
  ];
  judge.answers(503);
  await queued(db, one.id);
  await queued(db, two.id);
  await judgePictures(with_);
  expect(judge.asked).toHaveLength(1);
  expect(await triesOf(db, one.id)).toEqual({ tries: 1, dueAt: new Date(clock.at + MINUTE_MS) });
  expect(await triesOf(db, two.id)).toMatchObject({ tries: 0 });
  expect(await stateOf(db, one.id)).toBe('live');

  await judgePictures(with_);
  expect(await triesOf(db, two.id)).toMatchObject({ tries: 1 });
  await judgePictures(with_);
  expect(judge.asked).toHaveLength(2); // none is due
  await sql`delete from safety.picture_task where subject_id = ${two.id}`.execute(db);
  const pauses: number[] = [];
  for (let tries = 2; tries <= TRIES_MAX; tries++) {
    clock.at = (await triesOf(db, one.id))?.dueAt.getTime() ?? 0;
    await judgePictures(with_);
    const task = await triesOf(db, one.id);
    if (task) pauses.push((task.dueAt.getTime() - clock.at) / MINUTE_MS);
  }
  expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
  expect([judge.asked.length, await triesOf(db, one.id)]).toEqual([1 + TRIES_MAX, undefined]);

  // What it can't judge is not sent again.
  judge.answers(415);
  for (const _time of ['first', 'second']) {
    await queued(db, one.id);
    await judgePictures(with_);
  }
  expect([judge.asked.length, await triesOf(db, one.id)]).toEqual([2 + TRIES_MAX, undefined]);
});

test('what waits is judged once, however many runs there are; a piece with photos is queued where somebody judges', async ({
  deps,
  db,
  work,
}) => {
  await using judge = await aJudge();
  const { deps: with_ } = judging(deps, judge.url);
  const ada = await aPerson(deps);
  const { id } = await aShownPhoto(deps, work, ada.memberId, '#8090a0');
  await judgePiece(deps, { pieceId: id });
  expect(await triesOf(db, id)).toBeUndefined();
  await judgePiece(with_, { pieceId: id });
  expect(await triesOf(db, id)).toMatchObject({ tries: 0 });
  await Promise.all(Array.from({ length: 8 }, () => judgePictures(with_)));
  expect([judge.asked.length, await triesOf(db, id)]).toEqual([1, undefined]);
  const { rows } = await sql<{ queued: number }>`
    select count(*)::integer as queued from graphile_worker.jobs where task_identifier = ${JUDGE_PICTURES}`.execute(
    db,
  );
  expect(rows[0]?.queued).toBe(1);
});

test('only what the protocol allows is an answer', async () => {
  await using judge = await aJudge();
  const picture = { bytes: Buffer.from('RIFF'), digest: Buffer.alloc(32) };
  const ends: unknown[] = [];
  const answered = async (status: number, body = '') => {
    judge.answers(status, body);
    ends.push(await askJudge({ url: judge.url, secret: SECRET }, picture, 500));
  };
  await answered(200, '{"labels":[{"label":"a","score":0.5,"more":1},{"label":"b","score":1}],"model":"x"}');
  expect(ends).toEqual([
    [
      { label: 'b', score: 1 },
      { label: 'a', score: 0.5 },
    ],
  ]);
  ends.length = 0;
  for (const status of [400, 413, 415, 422]) await answered(status);
  expect(ends).toEqual(['refused', 'refused', 'refused', 'refused']);
  ends.length = 0;
  await answered(302, '{"labels":[]}');
  await answered(401, '{"labels":[]}');
  await answered(500);
  await answered(200, 'no JSON');
  await answered(200, '{"labels":[{"label":"Nudity!","score":0.5}]}');
  await answered(200, '{"labels":[{"label":"nudity","score":1.5}]}');
  await answered(200, `{"labels":[],"more":"${'x'.repeat(65_536)}"}`);
  await answered(0);
  expect(ends).toEqual(Array.from({ length: 8 }, () => 'away'));
  expect(judge.asked.every(({ method }) => method === 'POST')).toBe(true); // no redirect was followed
});
