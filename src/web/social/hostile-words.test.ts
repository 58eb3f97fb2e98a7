import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { expect } from 'vitest';
import { changeBoard, changePin, putSection } from '#modules/boards/index.ts';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPost } from '#modules/posts/factory.ts';
import { changePost } from '#modules/posts/index.ts';
import { changeProfile, describePhoto, editComment, ownProfile, say } from '#modules/social/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser } from '../factory.ts';
import { HOSTILE_WORDS } from './hostile-words.ts';

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document;

/** Every element of a page as a browser builds it, with what it holds. */
function* elementsOf(node: Node): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node) yield node;
  if ('content' in node) throw new Error('a template is none of our elements');
  if ('childNodes' in node) for (const child of node.childNodes) yield* elementsOf(child);
}

const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'poster', 'data', 'srcdoc', 'ping']);

/** What a page is made of: its elements, their attributes, and every address that is not of the web or of ours. */
function partsOf(html: string) {
  const parts = new Set<string>();
  for (const { tagName, attrs, childNodes } of elementsOf(parse(html))) {
    parts.add(tagName);
    for (const { name, value } of attrs) {
      parts.add(`${tagName}@${name}`);
      if (ADDRESSES.has(name) && !/^(\/(?!\/)|#|https?:\/\/)/.test(value)) parts.add(`${name}=${value}`);
      if (name === 'style' && !/^[\w\s:;.#%-]*$/.test(value)) parts.add(`style=${value}`);
    }
    const [text] = childNodes;
    if (tagName === 'script' && text && 'value' in text) JSON.parse(text.value);
  }
  return parts;
}

const AT_ONCE = 18;
const PLAIN = 'Plain words\n\nhttps://x.example/a #tag\n@nobody_here and more';

test('whatever is typed stays words: no page has an element, attribute or address that is not ours', async ({
  app,
  deps,
  db,
}) => {
  const [ada, guest] = [await aSignedInBrowser(app, deps), aBrowser(app)];
  const { memberId } = ada;
  const eye = { memberId };
  const now = deps.now();
  const { handle } = await inTransaction(db, (tx) => ownProfile(tx, memberId, 'Ada', now));
  const boardId = await aBoard(deps, memberId);
  const post = await aPost(deps, memberId);
  await sql`update catalog.media set state = 'ready', files = '{480.webp}'
    where id = (select media_id from social.photo where id = ${post.photoId})`.execute(db);
  const pin = await aPin(deps, memberId, boardId, { kind: 'photo', photoId: post.photoId });
  const said = [boardId, pin, post.id].map((subjectId) => ({ id: randomUUID(), subjectId, body: 'x' }));
  await inTransaction(db, async (tx) => {
    for (const each of said) await say(tx, eye, each, now);
  });
  const section = { id: randomUUID(), boardId };

  const typeShort = async (tx: Tx, words: string) => {
    const start = (max: number) => words.trim().slice(0, max).trim();
    await changeProfile(tx, memberId, { handle, name: start(60), bio: start(300), photoId: null });
    const board = { name: start(100), description: start(1000), visibility: 'public' as const };
    await changeBoard(tx, eye, boardId, { ...board, coverPinId: null }, now);
    await putSection(tx, eye, { ...section, name: start(60) }, now);
  };
  const type = async (tx: Tx, words: string) => {
    const start = (max: number) => words.trim().slice(0, max).trim();
    await typeShort(tx, words);
    await changePin(tx, eye, pin, { note: start(1000), sectionId: null });
    await describePhoto(tx, memberId, post.photoId, start(500));
    const isShared = true;
    await changePost(tx, memberId, post.id, { caption: words, isShared, visibility: 'public' }, now);
    for (const { id } of said) await editComment(tx, memberId, id, words, now);
  };
  const shown = [`/boards/${boardId}`, `/pins/${pin}`, `/posts/${post.id}`, `/@${handle}`, '/tags/tag'];
  const own = [`/posts/${post.id}/change`, `/boards/${boardId}/change`, '/account/profile'];
  const pages = async () => {
    const answers = [];
    for (const url of shown) answers.push(await guest.open(url));
    for (const url of [...own, shown[0] ?? '']) answers.push(await ada.open(url));
    return answers.map(({ statusCode, body }) => ({ statusCode, body }));
  };

  await inTransaction(db, (tx) => type(tx, PLAIN));
  const plain = await pages();
  expect(plain.map(({ statusCode }) => statusCode)).toEqual(plain.map(() => 200));
  const known = plain.map(({ body }) => partsOf(body));

  // All of them in the fields that hold many, and each by itself in those that hold one.
  for (let from = 0; from < HOSTILE_WORDS.length; from += AT_ONCE) {
    const words = HOSTILE_WORDS.slice(from, from + AT_ONCE);
    await inTransaction(db, (tx) => type(tx, `${words.join(' ')} #tag`));
    for (const [place, { statusCode, body }] of (await pages()).entries()) {
      const strange = [...partsOf(body)].filter((part) => !known[place]?.has(part));
      expect({ place, statusCode, strange, words }).toEqual({ place, statusCode: 200, strange: [], words });
    }
  }
  for (const words of HOSTILE_WORDS) {
    await inTransaction(db, (tx) => typeShort(tx, words));
    const { body } = await guest.open(`/pins/${pin}`);
    const strange = [...partsOf(body)].filter((part) => !known.some((parts) => parts.has(part)));
    expect({ words, strange }).toEqual({ words, strange: [] });
  }
  for (const words of HOSTILE_WORDS.filter((_, place) => place % 3 === 0)) {
    const { body } = await guest.open(`/tags/${encodeURIComponent(words)}`);
    const strange = [...partsOf(body)].filter((part) => !known.some((parts) => parts.has(part)));
    expect({ words, strange }).toEqual({ words, strange: [] });
  }
});
