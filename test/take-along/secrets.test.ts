import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { ARCHIVE_FILE, archivesOf, askArchive } from '#modules/archives/index.ts';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { savePin, suggest, takeSuggestions } from '#modules/boards/index.ts';
import { openStorage } from '#modules/catalog/index.ts';
import { laidOut, publishLook, saveLook } from '#modules/looks/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, follow, react, say, setVisibility } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aProduct } from '../../src/web/factory.ts';
import { makeArchive } from '../../src/take-along/make-archive.ts';

/** Every text of a member's archive, by its file. */
async function textsOf(deps: Deps, memberId: string): Promise<Map<string, string>> {
  const { id } = await inTransaction(deps.db, (tx) => askArchive(tx, memberId, randomUUID(), deps.now()));
  await makeArchive(deps, { archiveId: id });
  const [archive] = await archivesOf(deps.db, memberId);
  const bytes = await openStorage(deps.config).get(`${archive?.key ?? ''}/${ARCHIVE_FILE}`);
  const zip = await fromBufferPromise(Buffer.from(bytes ?? ''), { autoClose: false });
  const texts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    texts.set(entry.fileName, Buffer.concat(parts).toString('utf8'));
  }
  zip.close();
  return texts;
}

const filesSaying = (texts: Map<string, string>, words: string) =>
  [...texts].filter(([, text]) => text.includes(words)).map(([file]) => file);

test('an archive holds nothing of what its member may not see: others’ secret things, nor those of who blocks them', async ({
  deps,
  databaseUrl,
}) => {
  const { db, now } = deps;
  const [ada, ben, cleo] = await Promise.all([aPerson(deps), aPerson(deps), aPerson(deps)]);
  const { product } = await aProduct(db, databaseUrl);
  const eye = { memberId: ada.memberId };
  const thing = { kind: 'product', productId: product.id } as const;
  const theirs = await aBoard(deps, ben.memberId, { name: 'Xanthippe plans', description: 'Xanthippe says' });
  const source = await aPin(deps, ben.memberId, theirs, thing, 'Xanthippe notes');
  const own = await aBoard(deps, ada.memberId, { name: 'Presents for Socrates', visibility: 'secret' });
  const look = randomUUID();
  await inTransaction(db, async (tx) => {
    const laid = { title: 'Diotima dreams', words: '', ground: '#efe8db', sceneId: null, wordings: [] };
    await saveLook(tx, cleo.memberId, look, { ...laid, items: laidOut([product.id]) }, now());
    await publishLook(tx, cleo.memberId, look, 'public', now());
    await takeSuggestions(tx, ben.memberId, theirs, 'anyone');
    await suggest(tx, eye, { id: randomUUID(), boardId: theirs, reason: 'Mine to say', thing }, now());
    await say(tx, eye, { id: randomUUID(), subjectId: theirs, body: 'What I said' }, now());
    await react(tx, eye, theirs, 'heart', now());
    await follow(tx, ada.memberId, { kind: 'board', targetId: theirs }, now());
    await follow(tx, ada.memberId, { kind: 'member', targetId: cleo.memberId }, now());
    await savePin(tx, eye, { id: randomUUID(), boardId: own, note: 'Saved', savedFrom: source }, now());
  });
  await aPin(deps, ada.memberId, own, { kind: 'piece', pieceId: look }, 'A dream');
  const before = await textsOf(deps, ada.memberId);
  expect(filesSaying(before, 'Xanthippe plans')).not.toEqual([]);
  expect(filesSaying(before, 'Diotima')).not.toEqual([]);

  await inTransaction(db, async (tx) => {
    await setVisibility(tx, theirs, 'secret');
    await block(tx, cleo.memberId, ada.memberId, now());
  });
  const texts = await textsOf(deps, ada.memberId);
  for (const words of ['Xanthippe', 'Diotima', ben.handle, cleo.handle])
    expect(filesSaying(texts, words), words).toEqual([]);
  for (const words of ['Presents for Socrates', 'What I said', 'Mine to say', 'A dream', 'Saved'])
    expect(filesSaying(texts, words), words).toContain(
      words.startsWith('Pres') ? 'tables/boards.csv' : 'outbox/1.json',
    );
  expect([...texts.keys()].filter((name) => name.startsWith('tables/'))).toContain('tables/consents.csv');
  expect(texts.get('README.html')).toContain('Presents for Socrates');
  // Nobody else's archive knows of hers either.
  expect(filesSaying(await textsOf(deps, ben.memberId), 'Presents for Socrates')).toEqual([]);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from social.notice where member_id = ${ada.memberId} and kind = 'archive_ready'`.execute(
    db,
  );
  expect(rows).toEqual([{ count: 1 }]);
});
