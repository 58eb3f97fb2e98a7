import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { addPin, changeBoard, type PinnedThing, putSection } from '#modules/boards/index.ts';
import {
  ARCHIVE_FILE,
  askArchive,
  askIntake,
  archivesOf,
  intakesOf,
  leftOutOf,
} from '#modules/archives/index.ts';
import { openStorage } from '#modules/catalog/index.ts';
import { keepChange, laidOut, publishLook, saveLook } from '#modules/looks/index.ts';
import { draftPost, publishPost, putHotspot } from '#modules/posts/index.ts';
import { answer, ask, deleteSaid, questionsOf } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { addPhoto, deleteComment, mayDo, say, setVisibility } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aProduct } from '../../src/web/factory.ts';
import type { Thing } from '../../src/take-along/folder.ts';
import { makeArchive } from '../../src/take-along/make-archive.ts';
import { takeIn } from '../../src/take-along/take-in.ts';
import { readZip } from '../../src/take-along/zip.ts';

const aPicture = (background: string) =>
  sharp({ create: { width: 64, height: 80, channels: 3, background } })
    .jpeg()
    .toBuffer();

async function aPhoto(deps: Deps, ownerId: string, colour = '#b5482a'): Promise<string> {
  const { id } = await addPhoto(
    deps,
    { id: randomUUID(), ownerId, alt: `A picture of ${colour}` },
    await aPicture(colour),
  );
  return id;
}

/** The bytes of an archive that somebody asked for. */
async function exported(deps: Deps, memberId: string): Promise<Buffer> {
  const { id } = await inTransaction(deps.db, (tx) => askArchive(tx, memberId, randomUUID(), deps.now()));
  await makeArchive(deps, { archiveId: id });
  const [archive] = await archivesOf(deps.db, memberId);
  expect(archive).toMatchObject({ madeAt: expect.any(Date) as Date });
  const bytes = await openStorage(deps.config).get(`${archive?.key ?? ''}/${ARCHIVE_FILE}`);
  return Buffer.from(bytes ?? '');
}

async function imported(deps: Deps, memberId: string, archive: Buffer) {
  const key = randomBytes(32).toString('hex');
  await openStorage(deps.config).put(`${key}/${ARCHIVE_FILE}`, archive, 'application/zip');
  const id = randomUUID();
  await inTransaction(deps.db, (tx) => askIntake(tx, memberId, { id, key, sight: 'as_it_was' }, deps.now()));
  await takeIn(deps, { intakeId: id });
  const [intake] = await intakesOf(deps.db, memberId);
  return { intake, leftOut: await leftOutOf(deps.db, id) };
}

async function reader(archive: Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'a.zip');
  await writeFile(path, archive);
  return readZip(path, 'actor.json');
}

/** What an archive says, with the numbers and times out of which nobody reads anything taken out. */
async function sayings(archive: Buffer): Promise<Thing[]> {
  const zip = await reader(archive);
  const items: Thing[] = [];
  for (let nth = 1; zip.has(`outbox/${nth}.json`); nth++) {
    const page = JSON.parse((await zip.read(`outbox/${nth}.json`, 1e8)).toString()) as {
      orderedItems: Thing[];
    };
    items.push(...page.orderedItems);
  }
  zip.close();
  const places = new Map<string, string>();
  const known = (id: string) => places.get(id) ?? (places.set(id, `#${places.size}`), places.get(id));
  return JSON.parse(
    JSON.stringify(items.map(withoutPicture), (key, value: unknown) => {
      if (typeof value === 'string' && value.startsWith('urn:uuid:')) return known(value);
      if (key === 'url' && typeof value === 'string')
        return value.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '…');
      return key === 'updated' ? '…' : value;
    }),
  ) as Thing[];
}

/** What is drawn of a look is drawn anew, when there is time. */
function withoutPicture(activity: Thing): Thing {
  const { image: _image, ...object } = activity['object'] as Thing;
  return { ...activity, object };
}

/** One of each that is taken in again. */
async function aCollection(deps: Deps, memberId: string, slug: string) {
  const { db, now } = deps;
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(db);
  const productId = rows[0]?.id ?? '';
  const [look, post] = [randomUUID(), randomUUID()];
  const [scene, changedScene, shown] = [
    await aPhoto(deps, memberId, '#5f6f32'),
    await aPhoto(deps, memberId, '#a06a10'),
    await aPhoto(deps, memberId, '#1f5f7a'),
  ];
  const kitchen = await aBoard(deps, memberId, { name: 'Kitchen', description: 'Two lines\nof words' });
  const secret = await aBoard(deps, memberId, { name: 'Presents', visibility: 'secret' });
  const section = randomUUID();
  await inTransaction(db, async (tx) => {
    await putSection(tx, { memberId }, { id: section, boardId: kitchen, name: 'Shelves' }, now());
    const wording = { words: 'Evening', x: 500, y: 90, size: 60, turn: -4, colour: '#1f1a14', place: 9 };
    const laid = { title: 'A corner', words: 'Warm', ground: '#efe8db', sceneId: scene };
    await saveLook(tx, memberId, look, { ...laid, items: laidOut([productId]), wordings: [wording] }, now());
    await publishLook(tx, memberId, look, 'public', now());
    const changed = { title: 'A corner at night', words: '', ground: '#1f1a14', sceneId: changedScene };
    const parts = { items: laidOut([productId]).map((item) => ({ ...item, x: 321 })), wordings: [wording] };
    await keepChange(tx, memberId, look, { ...changed, ...parts, visibility: 'unlisted', version: 1 }, now());
    const said = { caption: 'On the shelf #evening', isShared: true, visibility: 'unlisted' } as const;
    await draftPost(tx, memberId, post, { ...said, photoIds: [shown] }, now());
    await putHotspot(tx, post, shown, { productId, x: 250, y: 700 });
    await publishPost(tx, memberId, post, { withoutWords: true }, now());
  });
  await aPin(deps, memberId, kitchen, { kind: 'product', productId }, 'For the shelf');
  const photo = { kind: 'photo', photoId: await aPhoto(deps, memberId) } as const;
  const cover = await aPin(deps, memberId, kitchen, photo, 'Mine');
  await aPin(deps, memberId, kitchen, { kind: 'piece', pieceId: look });
  await aPin(deps, memberId, secret, { kind: 'piece', pieceId: post }, 'Hidden');
  const page = { title: 'A page', author: 'Who', excerpt: 'Of what', site: 'There', photoId: null };
  await aPin(deps, memberId, secret, { kind: 'link', url: 'https://example.com/a', page });
  await inTransaction(db, async (tx) => {
    await changeBoard(tx, { memberId }, kitchen, { coverPinId: cover }, now());
    await sql`update boards.pin set section_id = ${section} where id = ${cover}`.execute(tx);
  });
  return { kitchen, secret, look, post };
}

test('what an archive says is said again by the account that took it in, and by nobody twice', async ({
  deps,
  databaseUrl,
}) => {
  const [ada, cleo] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const { slug } = await aProduct(deps.db, databaseUrl);
  await aCollection(deps, ada.memberId, slug);
  const archive = await exported(deps, ada.memberId);

  const first = await imported(deps, cleo.memberId, archive);
  expect(first).toMatchObject({ intake: { state: 'done', total: 9, taken: 9, known: 0 }, leftOut: [] });
  const again = await exported(deps, cleo.memberId);
  expect(await sayings(again)).toEqual(await sayings(archive));
  const { rows: kept } = await sql`
    select wish ->> 'title' as title, wish ->> 'visibility' as visibility, wish #> '{items,0,x}' as x,
      (select title from looks.look where look.id = look_id) as shown
    from looks.change join social.piece on piece.id = look_id where owner_id = ${cleo.memberId}`.execute(
    deps.db,
  );
  expect(kept).toEqual([{ title: 'A corner at night', visibility: 'unlisted', x: 321, shown: 'A corner' }]);

  const second = await imported(deps, cleo.memberId, archive);
  expect(second).toMatchObject({ intake: { state: 'done', taken: 0, known: 9 }, leftOut: [] });
  const own = await imported(deps, ada.memberId, archive);
  expect(own).toMatchObject({ intake: { state: 'done', taken: 0, known: 9 }, leftOut: [] });
});

/** One question, a comment and an answer to it, a comment on what others can't see any more, and an answer. */
async function someWords(deps: Deps, ada: string, slug: string) {
  const { db, now } = deps;
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(db);
  const productId = rows[0]?.id ?? '';
  const { memberId: ben } = await aPerson(deps);
  const [open, gone] = [await aBoard(deps, ben, { name: 'Sea' }), await aBoard(deps, ben, { name: 'Gone' })];
  const [bens, asked, first, reply, lost, answered] = Array.from({ length: 6 }, () => randomUUID()) as [
    string,
    ...string[],
  ];
  await inTransaction(db, async (tx) => {
    const eye = { memberId: ada };
    await ask(tx, ben, { id: bens, productId, body: 'Does it leak?' }, now());
    await ask(tx, ada, { id: asked ?? '', productId, body: 'How heavy is it?' }, now());
    await say(tx, eye, { id: first ?? '', subjectId: open, body: 'Lovely blue' }, now());
    await say(tx, eye, { id: reply ?? '', subjectId: open, replyTo: first, body: 'And the sand' }, now());
    await say(tx, eye, { id: lost ?? '', subjectId: gone, body: 'Said in vain' }, now());
    const wish = { id: answered ?? '', subjectId: bens, body: 'Not mine.', speaksFor: 'self' } as const;
    await answer(tx, eye, wish, now());
  });
  return {
    productId,
    open,
    gone,
    comments: [first, reply, lost] as string[],
    asked: asked ?? '',
    answered: answered ?? '',
  };
}

test('what was said of others’ things is said again where it stands no more, as often as may be typed, and else kept', async ({
  deps,
  databaseUrl,
}) => {
  const { db } = deps;
  const [ada, cleo] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const { slug } = await aProduct(db, databaseUrl);
  const { open, gone, productId, comments, asked, answered } = await someWords(deps, ada.memberId, slug);
  const archive = await exported(deps, ada.memberId);
  const told = ({ leftOut }: Awaited<ReturnType<typeof imported>>) =>
    leftOut
      .filter(({ kind }) => kind !== 'follow') // of the question that was deleted
      .map(({ kind, reason, words }) => [kind, reason, words].join(': '))
      .toSorted();
  const all = ['Lovely blue', 'And the sand', 'Said in vain'].map((words) => `comment: said_here: ${words}`);
  expect(told(await imported(deps, cleo.memberId, archive))).toEqual(
    ['answer: said_here: Not mine.', ...all, 'question: said_here: How heavy is it?'].toSorted(),
  );

  await inTransaction(db, async (tx) => {
    for (const id of comments) await deleteComment(tx, ada.memberId, id);
    for (const id of [asked, answered]) await deleteSaid(tx, ada.memberId, id, false);
    await setVisibility(tx, gone, 'secret');
  });
  for (let nth = 0; nth < 20; nth++) await mayDo(deps, cleo.memberId, 'answer');
  const first = await imported(deps, cleo.memberId, archive);
  expect(first.intake).toMatchObject({ state: 'waiting', taken: 3, known: 0 });
  expect(told(first)).toEqual(['comment: subject_missing: Said in vain']);
  const later = { ...deps, now: () => new Date(Date.now() + 2 * 3_600_000) };
  await takeIn(later, { intakeId: first.intake?.id });
  expect((await intakesOf(db, cleo.memberId))[0]).toMatchObject({ state: 'done', taken: 4, known: 0 });
  expect((await imported(later, cleo.memberId, archive)).intake).toMatchObject({ taken: 0, known: 4 });

  const { rows } = await sql`
    select comment.body, head.body as head, comment.said_at = (select min(made_at) from social.piece where id = any(${comments}::uuid[])) as "isThen"
    from social.comment join social.piece on piece.id = comment.id
    left join social.comment as head on head.id = comment.reply_to
    where comment.subject_id = ${open} and piece.owner_id = ${cleo.memberId} order by comment.body`.execute(
    db,
  );
  expect(rows).toMatchObject([
    { body: 'And the sand', head: 'Lovely blue' },
    { body: 'Lovely blue', head: null, isThen: true },
  ]);
  const { questions } = await questionsOf(db, undefined, productId, { limit: 5 });
  expect(questions.map(({ body, answers }) => [body, ...answers.map((each) => each.body)])).toEqual([
    ['How heavy is it?'],
    ['Does it leak?', 'Not mine.'],
  ]);
});

/** What people type: anything, with what our own words are made of among it. */
const typed = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', '=', '<', '\\', ' ', '/', '{'), maxLength });

const anyBoard = fc.record({
  name: typed(20).map((name) => `B${name}`),
  description: typed(40),
  visibility: fc.constantFrom('public', 'unlisted', 'secret'),
  sections: fc.array(
    typed(8).map((name) => `S${name}`),
    { maxLength: 3 },
  ),
  pins: fc.array(
    fc.record({
      kind: fc.constantFrom('product', 'photo', 'link'),
      note: typed(30),
      section: fc.nat({ max: 3 }),
      isCover: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
});

test('whatever boards somebody made, they are the same in the account that takes them in', async ({
  deps,
  databaseUrl,
}) => {
  const { product } = await aProduct(deps.db, databaseUrl);
  const thingOf = async (kind: string, memberId: string, nth: number): Promise<PinnedThing> => {
    if (kind === 'product') return { kind: 'product', productId: product.id };
    if (kind === 'photo') return { kind: 'photo', photoId: await aPhoto(deps, memberId) };
    const page = { title: `T${nth}`, author: '', excerpt: '', site: '', photoId: null };
    return { kind: 'link', url: `https://example.com/${nth}`, page };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(anyBoard, { minLength: 1, maxLength: 3 }), async (boards) => {
      const [{ memberId }, other] = await Promise.all([aPerson(deps), aPerson(deps)]);
      for (const { sections, pins, ...wish } of boards) {
        const boardId = await aBoard(deps, memberId, wish);
        const parts = sections.map((name) => ({ id: randomUUID(), boardId, name }));
        await inTransaction(deps.db, async (tx) => {
          for (const part of parts) await putSection(tx, { memberId }, part, deps.now());
        });
        for (const [nth, { kind, note, section, isCover }] of pins.entries()) {
          const id = randomUUID();
          const thing = await thingOf(kind, memberId, nth);
          const pin = { id, boardId, note, thing, sectionId: parts[section]?.id ?? null };
          await inTransaction(deps.db, async (tx) => {
            await addPin(tx, { memberId }, pin, deps.now());
            if (isCover) await changeBoard(tx, { memberId }, boardId, { coverPinId: id }, deps.now());
          });
        }
      }
      const archive = await exported(deps, memberId);
      const { leftOut } = await imported(deps, other.memberId, archive);
      expect(leftOut).toEqual([]);
      expect(await sayings(await exported(deps, other.memberId))).toEqual(await sayings(archive));
    }),
    { numRuns: 4 },
  );
});
