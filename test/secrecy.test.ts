import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { putSection, suggest, takeSuggestions } from '#modules/boards/index.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { laidOut, publishLook, saveLook } from '#modules/looks/index.ts';
import { aPost } from '#modules/posts/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, follow, react, say } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aProduct } from '../src/web/factory.ts';

/** In all that was said in secret. */
const SECRET = 'Xanthippe';

/**
 * A secret board with all that can be on it and be said of it, by its owner and by one who makes it with her; and a secret
 * look and post of hers.
 */
async function inSecret(deps: Deps, databaseUrl: string) {
  const { db, now } = deps;
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const { slug } = await aProduct(db, databaseUrl);
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(db);
  const productId = rows[0]?.id ?? '';
  const words = { name: `${SECRET} board`, description: `${SECRET} plan` };
  const board = await aBoard(deps, ada.memberId, { ...words, visibility: 'secret' });
  await sql`insert into social.collaborator values (${board}, ${ben.memberId}, 'editor', ${ada.memberId}, now(), now())`.execute(
    db,
  );
  const section = randomUUID();
  const [onBoard, onPin, answer] = [randomUUID(), randomUUID(), randomUUID()];
  await inTransaction(db, (tx) =>
    putSection(
      tx,
      { memberId: ada.memberId },
      { id: section, boardId: board, name: `${SECRET} part` },
      now(),
    ),
  );
  const pin = await aPin(deps, ben.memberId, board, { kind: 'product', productId }, `${SECRET} note`);
  await inTransaction(db, async (tx) => {
    const body = `${SECRET} said`;
    await say(tx, { memberId: ada.memberId }, { id: onBoard, subjectId: board, body }, now());
    await say(tx, { memberId: ben.memberId }, { id: onPin, subjectId: pin, body }, now());
    await say(tx, { memberId: ada.memberId }, { id: answer, subjectId: pin, replyTo: onPin, body }, now());
    await react(tx, { memberId: ben.memberId }, board, 'heart', now());
  });
  // One of a sort secret, one a draft, and what a collaborator proposes for the board.
  const visibility = 'secret' as const;
  const { id: post } = await aPost(deps, ada.memberId, {
    caption: `${SECRET} #${SECRET} caption`,
    visibility,
    productIds: [productId],
  });
  const [look, draft, suggestion] = [randomUUID(), randomUUID(), randomUUID()];
  const laid = { ground: '#efe8db', sceneId: null, items: laidOut([productId]), wordings: [] };
  await inTransaction(db, async (tx) => {
    for (const id of [look, draft])
      await saveLook(
        tx,
        ada.memberId,
        id,
        { ...laid, title: `${SECRET} look`, words: `${SECRET} words` },
        now(),
      );
    await publishLook(tx, ada.memberId, look, 'secret', now());
    await takeSuggestions(tx, ada.memberId, board, 'anyone');
    const thing = { kind: 'product', productId } as const;
    const wish = { id: suggestion, boardId: board, reason: `${SECRET} reason`, thing };
    await suggest(tx, { memberId: ben.memberId }, wish, now());
  });
  const made = [board, pin, section, onBoard, onPin, answer, post, look, draft, suggestion];
  return { ada, ben, slug, productId, ids: made };
}

/** Addresses to read, each parameter filled with whatever of it could lead to what is secret. */
function addressesOf(
  route: string,
  { ids, ...known }: { ids: readonly string[]; handle: string; slug: string },
) {
  const filled = route.replaceAll(/:(\w+)(?:\([^)]*\))?/g, (whole, name: string) => {
    if (name === 'handle') return known.handle;
    if (name === 'slug') return known.slug;
    return /id$/i.test(name) ? ':id' : whole === ':side' ? 'followers' : 'x';
  });
  const tried = isOfTheConversation(route) ? ids : ids.slice(0, 1);
  return filled.includes(':id') ? tried.map((id) => filled.replaceAll(':id', id)) : [filled];
}

/** Where people's things are read: every one of them is tried there, by everybody. */
const isOfTheConversation = (route: string) =>
  /^\/(v1\/(social|boards|looks|posts|reviews|feed|safety)|report|boards|pins|looks|posts|feed|notices|tags|save|search|@)/.test(
    route,
  );

/** Some at once: they wait for the database more than for us. */
async function all<T>(addresses: readonly string[], work: (address: string) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let n = 0; n < addresses.length; n += 8)
    done.push(...(await Promise.all(addresses.slice(n, n + 8).map(work))));
  return done;
}

/** What never ends, and what is one file for all. */
const isSkipped = (route: string) => /live|stream|\*|^\/assets|^\/media|\/exports\//.test(route);

test('what is secret stands at no address for whoever does not make it: guest, stranger, follower, blocked or staff', async ({
  app,
  deps,
  databaseUrl,
}) => {
  const { ada, slug, productId, ids } = await inSecret(deps, databaseUrl);
  const [stranger, blocked, admin] = await Promise.all([
    aPerson(deps),
    aPerson(deps),
    aSignedInMember(deps, ['admin']),
  ]);
  await inTransaction(deps.db, async (tx) => {
    await follow(tx, stranger.memberId, { kind: 'member', targetId: ada.memberId }, deps.now());
    await block(tx, ada.memberId, blocked.memberId, deps.now());
  });
  const asked = { ids: [...ids, productId, ada.memberId], handle: ada.handle, slug };
  const routes = app.readable.filter((route) => !isSkipped(route));
  const addresses = routes
    .flatMap((route) => addressesOf(route, asked))
    .map((address) => (/search|suggest/.test(address) ? `${address}?q=${SECRET}` : address));
  const ofTheConversation = addresses.filter(isOfTheConversation);
  const read = async (cookie: string, address: string) => {
    const accept = address.startsWith('/v1/') ? 'application/json' : 'text/html';
    const answer = await app.inject({ url: address, headers: { accept, ...(cookie && { cookie }) } });
    expect(answer.statusCode, address).toBeLessThan(500);
    return answer.body.replaceAll(`?q=${SECRET}`, '').replaceAll(`value="${SECRET}"`, '');
  };
  const cookies = { guest: '', stranger: stranger.cookie, blocked: blocked.cookie, admin: admin.cookie };
  const told: string[] = [];
  for (const [who, cookie] of Object.entries(cookies)) {
    // Nobody but staff enters the rest; an admin enters all of it.
    const tried = who === 'admin' ? addresses : ofTheConversation;
    const bodies = await all(tried, (address) => read(cookie, address));
    // A page says what was searched for; nothing else of it.
    const says = (body = '') => body.replaceAll(/<(title|h1)[^>]*>[^<]*<\/\1>/g, '').includes(`${SECRET} `);
    told.push(...tried.filter((_, n) => says(bodies[n])).map((address) => `${who} ${address}`));
  }
  expect(told).toEqual([]);
  const bodies = await all(ofTheConversation, (address) => read(ada.cookie, address));
  const own = ofTheConversation.filter((_, n) => bodies[n]?.includes(SECRET));
  expect(own).toContain(`/boards/${ids[0]}`);
  expect(own).toContain(`/v1/social/pieces/${ids[1]}/comments`);
  expect(own).toContain(`/@${ada.handle}`);
  for (const kind of ['posts', 'looks'])
    expect(own.some((address) => address.startsWith(`/${kind}/`))).toBe(true);
});
