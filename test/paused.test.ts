import { randomUUID } from 'node:crypto';
import type { InjectOptions } from 'fastify';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard } from '#modules/boards/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { setVisibility, suspend } from '#modules/social/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';

/**
 * What a paused member may go on with: their account, what they bought, keeping away from people, taking along, deleting.
 * Whatever else can be written is refused: a new address stands here or is refused too.
 */
const GOES_ON = [
  /^\/v1\/(identity|orders|payments|fulfilment|feed\/less|safety\/(removals|agreements))\//,
  /^\/v1\/social\/(blocks|mutes|notices)\//,
  /^\/v1\/archives\/v1\/archives\/archives\/:id$/,
  /^\/v1\/made\/deletions$/,
  // What their browser tells of a visit.
  /^\/v1\/persons\/clicks$/,
  /^\/v1\/(batch|import|track|page|screen|identify|group|alias|cloudevents|[abgipst])$/,
  /^\/v1\/reviews\/questions\/:id\/follow$/,
  /^\/(cart|checkout|compare|gift-card|orders|payments|sign-|forgot|reset|confirm$|invitations|currency|theme|place$|consent$|agree$)/,
  /^\/(block|mute|unshun|notices|feed)(\/|$)/,
  /^\/account\/(?!profile$|profile\/picture$|data\/imports|made\/selected)/,
  /^\/questions\/:id\/follow$/,
  // How it went with what they bought: staff read it, and nobody else.
  /^\/(v1\/satisfaction\/answers\/:id|opinion\/:token)$/,
  // What they ask the shop, about an order or anything else.
  /^\/(v1\/satisfaction\/letters\/:id|contact)$/,
  /\/(delete|remove|withdraw|leave|off|buy|stop)$/,
];

/** What the addresses want that ask for the ability themselves, after they looked at what came. */
const BODIES: Record<string, object> = {
  'PUT /v1/boards/pins/:id': {
    boardId: randomUUID(),
    thing: { kind: 'product', productId: randomUUID() },
  },
  'PUT /v1/boards/pins/:id/from/:savedFrom': { boardId: randomUUID() },
  'PUT /v1/social/comments/:id': { subjectId: randomUUID(), body: 'Lovely' },
  'PATCH /v1/social/comments/:id': { body: 'Lovely' },
  'PUT /v1/social/pieces/:id/reaction': { kind: 'heart' },
  'PUT /v1/reviews/votes/:id': { isHelpful: true },
  'POST /said': { id: randomUUID(), subjectId: randomUUID(), next: '/', body: 'Lovely' },
  'POST /felt': { subjectId: randomUUID(), kind: 'heart', next: '/' },
  'POST /save': { id: randomUUID(), newBoardId: randomUUID(), name: 'Boards', url: 'https://good.invalid/' },
};

test('a paused member writes at no address but those that take away or are their own affair', async ({
  app,
  deps,
}) => {
  const ada = await aPerson(deps);
  const board = await aBoard(deps, ada.memberId, { name: 'Hallway', visibility: 'unlisted' });
  const until = new Date(deps.now().getTime() + 86_400_000);
  await inTransaction(deps.db, (tx) => suspend(tx, ada.memberId, until, deps.now()));
  const headers = { cookie: ada.cookie, accept: 'application/json', 'sec-fetch-site': 'same-origin' };
  const send = async (method: string, url: string, payload: object) => {
    const asked = { method: method as NonNullable<InjectOptions['method']>, url, headers };
    const answer = await app.inject(method === 'DELETE' ? asked : { ...asked, payload });
    return answer.body.includes('/problems/social.suspended') ? 'paused' : answer.statusCode;
  };
  const member = { kind: 'member' as const, staffRoles: [], scopes: [] };
  const [unlike, undescribed]: [string[], string[]] = [[], []];
  const described = (method: string, url: string) => {
    const path = app.swagger().paths?.[url.replaceAll(/:(\w+)/g, '{$1}')];
    const operation = Object.entries(path ?? {}).find(([name]) => name === method.toLowerCase())?.[1];
    return JSON.stringify(operation ?? {}).split('/problems/social.suspended').length - 1;
  };
  for (const { method, url, access } of app.writable) {
    if (!mayEnter(member, access) || url.startsWith('/v1/payments/stripe') || url.includes('easypost'))
      continue;
    // What takes away for good is not tried: nothing but its way in differs.
    const goesOn = method === 'DELETE' || GOES_ON.some((part) => part.test(url));
    if (goesOn && /erase|erasure|sign-out|sessions/.test(url)) continue;
    const address = url.replaceAll(/:at\b/g, 'piece').replaceAll(/:\w+(?:\([^)]*\))?/g, () => randomUUID());
    const answer = await send(method, address, BODIES[`${method} ${url}`] ?? {});
    if ((answer === 'paused') === goesOn) unlike.push(`${method} ${url}: ${answer}`);
    // Once where it is refused, and nowhere else.
    if (url.startsWith('/v1/') && described(method, url) !== (answer === 'paused' ? 1 : 0))
      undescribed.push(`${method} ${url}: ${described(method, url)}`);
  }
  expect(unlike).toEqual([]);
  expect(undescribed).toEqual([]);

  // Fewer may see it, never more; and it may be deleted.
  const change = (body: object) => send('PATCH', `/v1/boards/boards/${board}`, body);
  const show = (visibility: string) => send('POST', '/v1/made/visibility', { ids: [board], visibility });
  expect(await change({ visibility: 'public' })).toBe('paused');
  expect(await change({ visibility: 'secret', name: 'Anew' })).toBe('paused');
  expect(await show('public')).toBe('paused');
  // Its own form too, where nothing else is changed by it.
  const words = { name: 'Hallway', description: '' };
  const was = { wasName: words.name, wasDescription: words.description };
  const form = (body: object) => send('POST', `/boards/${board}/change`, { ...words, ...was, ...body });
  expect(await form({ visibility: 'public' })).toBe('paused');
  expect(await form({ visibility: 'secret', name: 'Anew' })).toBe('paused');
  expect(await form({ visibility: 'secret', description: 'More' })).toBe('paused');
  expect(await form({ visibility: 'secret', wasName: undefined })).toBe('paused');
  expect(await form({ visibility: 'secret', wasDescription: undefined })).toBe('paused');
  expect(await form({ visibility: 'secret' })).toBe(303);
  const { rows } = await sql`
    select name, description, visibility from boards.board join social.piece using (id) where id = ${board}`.execute(
    deps.db,
  );
  expect(rows).toEqual([{ ...words, visibility: 'secret' }]);
  await inTransaction(deps.db, (tx) => setVisibility(tx, board, 'unlisted'));
  expect(await change({ visibility: 'secret' })).toBe(200);
  expect(await show('unlisted')).toBe('paused');
  expect(await show('secret')).toBeLessThan(300);
  const chosen = (act: string) => ({ ids: [board], act, visibility: 'public', next: '/account/made' });
  expect(await send('POST', '/account/made/selected', chosen('show'))).toBe('paused');
  expect(await send('POST', '/account/made/selected', chosen('delete'))).toBe(303);
});
