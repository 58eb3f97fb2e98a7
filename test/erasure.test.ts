import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { columnsOfWords, saying } from '#test/words-kept.ts';
import { aMember, aSignedInMember } from '../src/modules/identity/factory.ts';
import { inviteToTeam, marketplaceOrganization, viewerOf } from '../src/modules/identity/index.ts';
import { aCart, aStockedVariant, aWish } from '../src/modules/orders/factory.ts';
import { beginCheckout } from '../src/modules/orders/checkout.ts';
import { placeOrder } from '../src/modules/orders/index.ts';
import { askIntake, noteStep } from '../src/modules/archives/index.ts';
import { addEvidence } from '#modules/persons/evidence.ts';
import { addReceived } from '../src/modules/catalog/index.ts';
import { addPin, makeBoard, putSection, suggest, takeSuggestions } from '../src/modules/boards/index.ts';
import { draftPost } from '../src/modules/posts/index.ts';
import { keepChange, laidOut, publishLook, saveLook, suggestSwap } from '../src/modules/looks/index.ts';
import { answer, ask, changeReview, writeReview } from '../src/modules/reviews/index.ts';
import { aMailedToken, anOwedQuestion } from '#modules/satisfaction/factory.ts';
import { answerLetter, answerQuestion, writeLetter } from '../src/modules/satisfaction/index.ts';
import { act, appeal, queue, report } from '../src/modules/safety/index.ts';
import { changeProfile, ownProfile, say } from '../src/modules/social/index.ts';
import { erasePerson } from '../src/erasure.ts';
import { ORIGIN } from '../src/web/factory.ts';

/** In every personal column of the person: what is left of it afterwards was forgotten by an eraser. */
const MARK = 'Lovelace 1815';
/** The same in what holds no space. */
const HANDLE = 'lovelace_1815';
const LINK = `https://example.invalid/?${MARK}`;

/** As the comments in the database say. */
async function personalColumns(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and col_description(c.oid, a.attnum) = 'personal'
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

const addressOf = (email: string) => ({
  email,
  name: `Ada ${MARK}`,
  street: `Street ${MARK}`,
  postcode: MARK,
  city: `City ${MARK}`,
  countryCode: 'NL',
  phone: MARK,
});

/** On another's board. */
async function suggestTo(tx: Tx, memberId: string, owner: string, now: Date): Promise<void> {
  const boardId = randomUUID();
  await makeBoard(tx, owner, boardId, { name: 'Hall', description: '', visibility: 'public' }, now);
  await takeSuggestions(tx, owner, boardId, 'anyone');
  const wish = { id: randomUUID(), boardId, reason: MARK, thing: { kind: 'link', url: LINK } as const };
  await suggest(tx, { memberId }, wish, now);
}

/** A look with words in every place, and a swap proposed for it. */
async function beInLooks(tx: Tx, memberId: string, now: Date): Promise<void> {
  const products = Array.from({ length: 2 }, () => randomUUID());
  for (const id of products)
    await sql`insert into catalog.product (id, slug, title) values (${id}, ${`p-${id}`}, 'A thing')`.execute(
      tx,
    );
  const [outId = '', inId = ''] = products;
  const lookId = randomUUID();
  const wording = { words: MARK, x: 500, y: 90, size: 60, turn: 0, colour: '#1f1a14', place: 9 };
  const look = { title: MARK, words: MARK, ground: '#efe8db', sceneId: null };
  await saveLook(tx, memberId, lookId, { ...look, items: laidOut([outId]), wordings: [wording] }, now);
  await publishLook(tx, memberId, lookId, 'public', now);
  const change = {
    ...look,
    items: laidOut([outId]),
    wordings: [wording],
    visibility: 'public',
    version: 1,
  } as const;
  await keepChange(tx, memberId, lookId, change, now);
  await suggestSwap(tx, { memberId }, { id: randomUUID(), lookId, outId, inId, reason: MARK }, now);
}

/** What a member says of a product, and how a removal of it is appealed. */
async function speak(tx: Tx, memberId: string, otherId: string, productId: string): Promise<void> {
  const now = new Date();
  const author = { memberId, customerId: undefined };
  const words = { rating: 5, title: MARK, body: MARK, dimensions: {}, traits: {}, photoIds: [] };
  const [id, questionId] = [randomUUID(), randomUUID()];
  await writeReview(tx, author, { ...words, id, productId }, now);
  await changeReview(tx, author, id, { ...words, rating: 4 }, now);
  await sql`update reviews.review set author_name = ${MARK} where id = ${id}`.execute(tx);
  await ask(tx, memberId, { id: questionId, productId, body: MARK }, now);
  const said = { id: randomUUID(), subjectId: questionId, body: MARK, speaksFor: 'self' as const };
  await answer(tx, { memberId }, said, now);
  await beJudged(tx, memberId, otherId, id);
}

/** A removal that they appealed against, and what they reported of another. */
async function beJudged(tx: Tx, memberId: string, otherId: string, pieceId: string): Promise<void> {
  const now = new Date();
  await ownProfile(tx, otherId, 'Other', now);
  const wish = { id: randomUUID(), reason: 'spam', words: MARK } as const;
  await report(tx, { memberId }, { ...wish, subject: { profileId: otherId } }, now);
  await report(tx, { memberId: otherId }, { ...wish, id: randomUUID(), subject: { pieceId } }, now);
  const { concerns } = await queue(tx, { limit: 50 });
  const concern = concerns.find((each) => each.pieceId === pieceId);
  const chief = { kind: 'member', memberId: otherId, staffRoles: [], scopes: [] } as const;
  const removal = { id: randomUUID(), concernId: concern?.id ?? '', version: 1, note: '' };
  await act(tx, chief, { ...removal, kind: 'remove', reason: 'spam' }, now);
  await appeal(tx, memberId, removal.id, MARK, now);
}

/** What a member leaves among others. */
async function beSeen(tx: Tx, memberId: string, otherId: string): Promise<void> {
  const now = new Date();
  await ownProfile(tx, memberId, MARK, now);
  await changeProfile(tx, memberId, { handle: HANDLE, name: MARK, bio: MARK, photoId: null });
  const [boardId, photoId] = [randomUUID(), randomUUID()];
  await makeBoard(tx, memberId, boardId, { name: MARK, description: MARK, visibility: 'public' }, now);
  await putSection(tx, { memberId }, { id: randomUUID(), boardId, name: MARK }, now);
  await say(tx, { memberId }, { id: randomUUID(), subjectId: boardId, body: MARK }, now);
  const media = { id: randomUUID(), key: `${randomUUID()}${randomUUID()}`.replaceAll('-', '') };
  await addReceived(tx, { ...media, mimeType: 'image/jpeg', width: 1, height: 1, byteSize: 1 });
  await sql`insert into social.photo (id, owner_id, media_id, alt, made_at)
    values (${photoId}, ${memberId}, ${media.id}, ${MARK}, ${now})`.execute(tx);
  const post = { caption: `${MARK} #${HANDLE}`, isShared: true, visibility: 'public', photoIds: [] } as const;
  await draftPost(tx, memberId, randomUUID(), post, now);
  await beInLooks(tx, memberId, now);
  const thing = { kind: 'photo', photoId } as const;
  await addPin(tx, { memberId }, { id: randomUUID(), boardId, note: MARK, thing }, now);
  const linkId = randomUUID();
  await addPin(tx, { memberId }, { id: linkId, boardId, note: '', thing: { kind: 'link', url: LINK } }, now);
  await sql`update boards.link set state = 'read', title = ${MARK}, author = ${MARK}, excerpt = ${MARK}, site = ${MARK}
    where pin_id = ${linkId}`.execute(tx);
  await suggestTo(tx, memberId, otherId, now);
  await askIntake(tx, memberId, { id: photoId, key: media.key, sight: 'secret' }, now);
  await noteStep(tx, photoId, 0, {
    fate: 'nothing',
    left: { kind: 'pin', what: MARK, reason: 'broken', words: MARK },
  });
}

test('an erased person is in no column of the database, and every personal column has its eraser', async ({
  deps,
  db,
  databaseUrl,
  work,
}) => {
  const { memberId, email, cookie } = await aSignedInMember(deps, ['service']);
  const admin = await aMember(deps, ['admin']);
  const viewer = await viewerOf(deps, { cookie });
  const place = await aStockedVariant(db, databaseUrl, 9);
  const wished = async (buyer: typeof viewer) => {
    const cart = await aCart(db, buyer, { [place.variantId]: 1 });
    return aWish(cart, 1495, { address: addressOf(email), giftNote: `For ${MARK}` });
  };
  const [bought, asGuest] = [await wished(viewer), await wished(GUEST)];
  await placeOrder(deps, viewer, bought);
  await placeOrder(deps, GUEST, asGuest);
  const helped = aWish(await aCart(db, GUEST, { [place.variantId]: 1 }), 1495, { associateId: memberId });
  await placeOrder(deps, GUEST, helped);
  await work();
  await beginCheckout(deps, viewer, await wished(viewer), { name: 'test' }); // and is never finished
  await inTransaction(db, async (tx) => {
    const { id: organizationId } = await marketplaceOrganization(tx);
    const by = { actor: 'system' as const, memberId: admin.memberId, now: new Date() };
    await inviteToTeam(tx, by, { organizationId, email, roles: ['admin'] });
    await sql`update identity.member set name = ${MARK}, image = ${MARK} where id = ${memberId}`.execute(tx);
    await sql`update identity.account set account_id = ${MARK}, password = ${MARK} where member_id = ${memberId}`.execute(
      tx,
    );
    await sql`update identity.session set ip_address = ${MARK}, user_agent = ${MARK} where member_id = ${memberId}`.execute(
      tx,
    );
    await sql`
      insert into identity.passkey (id, member_id, name, credential_id, public_key, counter, device_type, backed_up)
      values (${randomUUID()}, ${memberId}, ${MARK}, ${MARK}, ${MARK}, 0, 'singleDevice', false)`.execute(tx);
    await sql`
      insert into identity.address_change (id, member_id, email, expires_at)
      values (${randomUUID()}, ${memberId}, ${`new-${email}`}, now())`.execute(tx);
    await sql`update orders.receipt set email = ${email}, sent_at = null where order_id = ${bought.orderId}`.execute(
      tx,
    );
    await sql`
      insert into identity.member_code (member_id, code, made_at) values (${memberId}, ${MARK}, now())`.execute(
      tx,
    );
    await sql`
      insert into orders.cart_advice (cart_id, variant_id, associate_id, location_id, noted_at)
      values (${helped.cartId}, ${place.variantId}, ${memberId}, ${place.locationId}, now())`.execute(tx);
    await sql`
      insert into identity.verification (id, identifier, value, expires_at)
      values (${randomUUID()}, 'a hash', ${JSON.stringify({ userData: { id: memberId, name: MARK } })}, now())`.execute(
      tx,
    );
    await sql`
      insert into platform.kept_answer (caller, key, request_hash, begun_at, status, body)
      values (${`member:${memberId}`}, ${randomUUID()}, '', now(), 200, ${MARK})`.execute(tx);
    await sql`
      with source as (
        insert into collector.source (id, name, kind, touchpoint, write_key, events_per_second, burst)
        values (gen_random_uuid(), 'Shop', 'server', 'web', 'a-key-of-the-erasure', 1, 1) returning id
      )
      insert into collector.dead_letter
        (id, source_id, reason, kind, name, body, is_cut, received_at, user_id, anonymous_id)
      select gen_random_uuid(), id, 'wrong_type', 'track', ${MARK}, ${`${MARK} ${memberId}`}, false, now(), ${MARK}, ${MARK}
      from source`.execute(tx);
    await sql`
      insert into insight.saved_view (id, member_id, name, address, saved_at)
      values (${randomUUID()}, ${memberId}, ${MARK}, '/desk/market', now())`.execute(tx);
    await sql`
      insert into orders.return_request (id, order_id, kind, state, touchpoint, refund_to, note, answer, requested_at, moved_at)
      values (${randomUUID()}, ${bought.orderId}, 'return', 'refused', 'web', 'original', ${MARK}, '', now(), now()),
        (${randomUUID()}, ${asGuest.orderId}, 'return', 'refused', 'web', 'original', '', ${MARK}, now(), now())`.execute(
      tx,
    );
  });
  await inTransaction(db, async (tx) => {
    const phone = { kind: 'anonymous', scope: '', value: MARK } as const;
    const account = { kind: 'member', scope: '', value: memberId } as const;
    const seen = { kind: 'sign_in', isStrong: true, saidBy: 'test', seenAt: new Date() } as const;
    await addEvidence(tx, [{ ...seen, id: randomUUID(), from: phone, to: account }]);
  });
  const questionId = await anOwedQuestion(db, { orderId: bought.orderId });
  const link = aMailedToken(deps, questionId);
  await answerQuestion(deps, link, { id: randomUUID(), score: 3, words: MARK });
  const letter = { id: randomUUID(), orderId: bought.orderId, matter: 'other', words: MARK } as const;
  await writeLetter(deps, viewer, '', letter);
  const replied = { id: randomUUID(), contactId: letter.id, words: MARK, isSettled: false };
  await inTransaction(db, (tx) => answerLetter(tx, 'system', replied, new Date()));
  await inTransaction(db, (tx) => beSeen(tx, memberId, admin.memberId));
  const { rows: products } = await sql<{ id: string }>`
    select product_id as id from catalog.variant where id = ${place.variantId}`.execute(db);
  await inTransaction(db, (tx) => speak(tx, memberId, admin.memberId, products[0]?.id ?? ''));
  await work();
  const personal = await personalColumns(db);
  // A new personal column fails here until this test fills it, and then below until an eraser empties it.
  expect(await saying(db, personal, [MARK, HANDLE, email, memberId])).toEqual(personal);
  const everywhere = await columnsOfWords(db);
  const [words, numbers] = [true, false].map((isWords) =>
    personal.filter((column) => everywhere.includes(column) === isWords),
  );
  expect(await saying(db, everywhere, [MARK, HANDLE, email])).toEqual(expect.arrayContaining(words ?? []));

  await inTransaction(db, (tx) => erasePerson(tx, memberId, new Date()));
  await work();

  expect(await saying(db, everywhere, [MARK, HANDLE, email])).toEqual([]);
  expect(await saying(db, numbers ?? [], [memberId])).toEqual([]);
  const { rows } = await sql`
    select id, customer_id from orders.order where id in (${bought.orderId}, ${asGuest.orderId}) and total_minor = 1495`.execute(
    db,
  );
  expect(rows).toHaveLength(2);
  expect(await viewerOf(deps, { cookie })).toMatchObject({ kind: 'guest' });
});

test('a column that sounds personal says so, or is known to be about something else', async ({ db }) => {
  const { rows } = await sql<{ name: string }>`
    select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker')
      and a.attname ~ '(mail|phone|street|postcode|city|ip_address|user_agent|author|first_name|last_name|birth|draft)'
      and a.atttypid = any ('{text,jsonb,json,date}'::regtype[])
      and col_description(c.oid, a.attnum) is distinct from 'personal'
    order by 1`.execute(db);
  expect(rows.map(({ name }) => name)).toEqual([
    'inventory.location.city',
    'inventory.location.postcode',
    'inventory.location.street',
    'market.postcode_place.postcode',
  ]);
});

test('POST /v1/identity/me/erasure asks for the password again, and deletes once', async ({
  app,
  deps,
  db,
}) => {
  const { memberId, cookie } = await aSignedInMember(deps);
  const ask = (password: string, headers: Record<string, string> = { cookie }) =>
    app.inject({ method: 'POST', url: '/v1/identity/me/erasure', payload: { password }, headers });
  const erasedAt = async () => {
    const { rows } = await sql<{ at: Date | null }>`
      select erased_at as at from identity.member where id = ${memberId}`.execute(db);
    return rows[0]?.at;
  };

  expect((await ask('x', {})).json()).toMatchObject({ status: 401 });
  expect((await ask('x', { cookie, origin: 'https://evil.example' })).statusCode).toBe(401);
  expect((await ask('not the password')).json()).toMatchObject({
    type: '/problems/identity.password_wrong',
    status: 422,
  });
  expect(await erasedAt()).toBeNull();

  expect((await ask('a stoa is a covered walk')).statusCode).toBe(204);
  expect(await erasedAt()).toBeInstanceOf(Date);
  expect((await ask('a stoa is a covered walk')).statusCode).toBe(401);
});

test('the account page deletes the account, and says what is wrong when it does not', async ({
  app,
  deps,
  db,
}) => {
  const { memberId, cookie } = await aSignedInMember(deps);
  const post = (password: string) =>
    app.inject({
      method: 'POST',
      url: '/account/erase',
      payload: new URLSearchParams({ password }).toString(),
      headers: {
        cookie,
        origin: ORIGIN,
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
  const page = await app.inject({ url: '/account', headers: { cookie, accept: 'text/html' } });
  expect(page.body).toContain('Delete my account for good');
  const refused = await post('not the password');
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain('That is not your password.');

  // One who comes by a network has no password: then the sign-in must be of the last minutes.
  await sql`delete from identity.account where member_id = ${memberId}`.execute(db);
  await sql`update identity.session set created_at = now() - interval '16 minutes' where member_id = ${memberId}`.execute(
    db,
  );
  expect((await post('')).body).toContain('You signed in some time ago.');
  await sql`update identity.session set created_at = now() where member_id = ${memberId}`.execute(db);

  const done = await post('');
  expect([done.statusCode, done.headers['location']]).toEqual([303, '/']);
  const gone = await app.inject({ url: '/account', headers: { cookie, accept: 'text/html' } });
  expect(gone.statusCode).not.toBe(200);
});

test('the only admin of a team is not erased: nothing of them changes', async ({ deps, db }) => {
  const { rows: admins } = await sql<{ id: string }>`
    select member_id as id from identity.organization_member where 'admin' = any (roles)`.execute(db);
  const { memberId } = await aMember(deps, ['admin']);
  for (const { id } of admins) await inTransaction(db, (tx) => erasePerson(tx, id, new Date()));

  await expect(inTransaction(db, (tx) => erasePerson(tx, memberId, new Date()))).rejects.toMatchObject({
    code: 'identity.last_admin',
  });

  const { rows } = await sql<{
    name: string;
  }>`select name from identity.member where id = ${memberId}`.execute(db);
  expect(rows).toEqual([{ name: 'Ada Example' }]);
});
