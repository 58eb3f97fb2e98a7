import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aBoard } from '#modules/boards/factory.ts';
import { endAllSessions } from '#modules/identity/index.ts';
import { ownProfile, say } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

type App = Parameters<typeof aSignedInBrowser>[0];

async function aTalker(app: App, deps: Deps) {
  const browser = await aSignedInBrowser(app, deps);
  await inTransaction(deps.db, (tx) => ownProfile(tx, browser.memberId, 'Ada', deps.now()));
  const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const listen = async () => {
    const answer = await app.inject({
      url: '/notices/live',
      headers: { cookie, accept: 'text/event-stream' },
      payloadAsStream: true,
    });
    expect(answer.headers['content-type']).toBe('text/event-stream');
    return { stream: answer.stream(), said: saidOn(answer.stream()) };
  };
  return { ...browser, listen };
}

/** The counts that a stream says, one after the other; done when it has ended. */
async function* saidOn(stream: NodeJS.ReadableStream): AsyncGenerator<number> {
  for await (const chunk of stream) {
    const count = /^data: (\d+)$/m.exec(String(chunk))?.[1];
    if (count !== undefined) yield Number(count);
  }
}

const next = async (said: AsyncGenerator<number>) => (await said.next()).value;

test('a page hears of what it was told elsewhere, hears all again after it was cut off, and nothing once signed out', async ({
  app,
  deps,
  db,
}) => {
  const [ada, bo] = [await aTalker(app, deps), await aTalker(app, deps)];
  const board = await aBoard(deps, ada.memberId);
  // As another process would: nothing passes between it and the stream but the database.
  const comment = () =>
    inTransaction(db, (tx) =>
      say(tx, { memberId: bo.memberId }, { id: randomUUID(), subjectId: board, body: 'Lovely' }, deps.now()),
    );
  const { stream, said } = await ada.listen();
  expect(await next(said)).toBe(0);
  await comment();
  expect(await next(said)).toBe(1);
  stream.destroy();

  await comment();
  const again = await ada.listen();
  expect(await next(again.said)).toBe(2);
  await inTransaction(db, (tx) => endAllSessions(tx, ada.memberId));
  expect(await again.said.next()).toEqual({ done: true, value: undefined });
});

test('of many open pages the first hears no more', async ({ app, deps }) => {
  const ada = await aTalker(app, deps);
  const streams = [];
  for (let nth = 0; nth < 9; nth++) streams.push(await ada.listen());
  const [first, ...others] = streams;
  const heard: number[] = [];
  for await (const count of first?.said ?? []) heard.push(count);
  expect(heard.length).toBeLessThan(2); // and it has ended
  for (const { said } of others) expect(await next(said)).toBe(0);
  for (const { stream } of streams) stream.destroy();
});
