import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { refreshListings } from '#modules/catalog/index.ts';
import { aMaker } from '#modules/identity/factory.ts';
import { setConsent } from '#modules/identity/index.ts';
import { ask, deleteSaid, letSpeak } from '#modules/reviews/index.ts';
import {
  chooseNotices,
  NOTICE_KINDS,
  noticeChoices,
  ownProfile,
  say,
  setVisibility,
  mute,
  unseenOf,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { openMailer } from '#platform/mail.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

async function aTalker(app: Parameters<typeof aSignedInBrowser>[0], deps: Deps, name: string) {
  const browser = await aSignedInBrowser(app, deps);
  await inTransaction(deps.db, (tx) => ownProfile(tx, browser.memberId, name, deps.now()));
  return browser;
}

const run = async (deps: Deps, work: () => Promise<void>, task: string) => {
  await inTransaction(deps.db, (tx) => addJob(tx, task, {}, randomUUID()));
  await work();
};

/** As a mail program posts it (RFC 8058): from nowhere, without cookies. */
const oneClick = (app: Parameters<typeof aSignedInBrowser>[0], url: string) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    payload: '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
  });

/** What a message says to mail programs of how to end such mails, as it leaves the house. */
async function headersOf(message: Parameters<Deps['mailer']>[0] | undefined): Promise<string[]> {
  assert(message);
  const folder = await mkdtemp(join(tmpdir(), 'stoa-mail-'));
  try {
    await openMailer({ from: 'shop@example.com', folder })(message);
    const [name = ''] = await readdir(folder);
    const [head = ''] = (await readFile(join(folder, name), 'utf8')).split('\n\n');
    return head.split('\n').filter((line) => line.startsWith('List-'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a comment rings the bell once, is read where it stands, is seen, and is gone when its board hides', async ({
  app,
  deps,
  db,
}) => {
  const [ada, bo] = [await aTalker(app, deps, 'Ada'), await aTalker(app, deps, 'Bo Talker')];
  const board = await aBoard(deps, ada.memberId, { name: 'Hallway' });
  const other = await aBoard(deps, bo.memberId, { name: 'Sea' });
  const said = { id: randomUUID(), subjectId: board, body: 'Lovely' };
  const answered = { id: randomUUID(), subjectId: other, body: 'Mine?' };
  await inTransaction(db, async (tx) => {
    await say(tx, { memberId: bo.memberId }, said, deps.now());
    await say(tx, { memberId: ada.memberId }, answered, deps.now());
  });
  const page = (await ada.open('/notices')).body;
  expect(page).toMatch(/<notice-bell class="badge">1<\/notice-bell>/);
  expect(page).toContain(`<a href="/boards/${board}#said-${said.id}">Hallway</a>`);
  expect(page).toContain('data-unseen');

  await ada.send('/notices/seen', { throughId: fieldOf(page, 'throughId') ?? '' });
  const seen = (await ada.open('/notices')).body;
  expect(seen).not.toContain('data-unseen');
  expect(seen).toMatch(/<notice-bell class="badge" hidden>0</);

  expect((await unseenOf(db, [bo.memberId])).get(bo.memberId)).toBe(1);
  await inTransaction(db, (tx) => setVisibility(tx, other, 'secret'));
  expect((await unseenOf(db, [bo.memberId])).get(bo.memberId)).toBe(1); // of one's own board
  await inTransaction(db, (tx) => setVisibility(tx, board, 'secret'));
  const { notices } = (await bo.open('/v1/social/notices')).json<{ notices: { kind: string }[] }>();
  expect(notices.map(({ kind }) => kind)).toEqual(['commented']);

  // The bell counts what the list shows.
  await inTransaction(db, (tx) => mute(tx, bo.memberId, ada.memberId, deps.now()));
  expect((await bo.open('/v1/social/notices')).json()).toMatchObject({ notices: [] });
  expect((await unseenOf(db, [bo.memberId])).get(bo.memberId)).toBeUndefined();
});

test('a lower price is told of once to whoever saved it, by mail only to those who agreed, and never after they stop it', async ({
  app,
  deps,
  db,
  outbox,
  work,
}) => {
  const ada = await aTalker(app, deps, 'Ada');
  const mug = await aPublishedProduct(db, 'Mug', { amountMinor: 4900 });
  const board = await aBoard(deps, ada.memberId);
  const again = await aBoard(deps, ada.memberId);
  for (const each of [board, again])
    await aPin(deps, ada.memberId, each, { kind: 'product', productId: mug.id });
  const costs = async (amountMinor: number) => {
    await sql`update catalog.offer set amount_minor = ${amountMinor} where variant_id = ${mug.variantId}`.execute(
      db,
    );
    await inTransaction(db, (tx) => refreshListings(tx, [mug.id]));
    await run(deps, work, 'feed.follow_prices');
  };
  const told = async () =>
    (await ada.open('/v1/social/notices')).json<{ notices: { kind: string; data: object }[] }>().notices;
  await costs(4900); // looked at for the first time: nothing has changed
  expect(await told()).toEqual([]);
  await costs(3900);
  await run(deps, work, 'feed.follow_prices');
  await costs(4500); // dearer again: nobody is told
  const [notice, ...others] = await told();
  expect(others).toEqual([]);
  expect(notice).toMatchObject({
    kind: 'price_dropped',
    data: { productId: mug.id, wasMinor: 4900, isMinor: 3900, currency: 'EUR' },
  });

  const mails = () => outbox.filter(({ to }) => to === ada.email);
  await run(deps, work, 'feed.make_digests');
  expect(mails()).toEqual([]); // they did not agree to offers
  await inTransaction(db, (tx) =>
    setConsent(tx, { memberId: ada.memberId }, { personalization: true }, { touchpoint: 'web' }),
  );
  await costs(3500);
  for (const _run of ['first', 'second']) await run(deps, work, 'feed.make_digests');
  expect(mails().map(({ subject }) => subject)).toEqual(['What is new for you at Stoa']);
  const text = mails()[0]?.text ?? '';
  expect(text).toContain('- 1 thing you saved costs less');

  const [path = ''] = /\/notices\/mail-off\S+/.exec(text) ?? [];
  expect(await headersOf(mails()[0])).toEqual([
    `List-Unsubscribe: <${deps.config.publicUrl}${path}>`,
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  ]);
  expect((await ada.open(path)).body).toContain(`action="${path.replaceAll('&', '&amp;')}"`);
  expect((await oneClick(app, `${path}x`)).statusCode).toBe(403);
  const mailed = async () => (await noticeChoices(db, ada.memberId)).filter(({ byMail }) => byMail);
  expect(await mailed()).toHaveLength(NOTICE_KINDS.length);
  const stopped = await oneClick(app, path);
  expect([stopped.statusCode, stopped.headers.location]).toEqual([200, undefined]);
  expect(await mailed()).toEqual([{ kind: 'review_asked', inPage: true, byMail: true }]); // which has a mail of its own
  expect((await ada.send(path, {})).statusCode).toBe(303); // by the page's button
  await costs(2900);
  await run(deps, work, 'feed.make_digests');
  expect(mails()).toHaveLength(1);
  expect(await told()).toHaveLength(1); // the latest drop takes the place of the one before
});

test('what was saved and is back in stock is told of once each time it comes back, and to nobody who left it out', async ({
  app,
  deps,
  db,
  work,
}) => {
  const [ada, bo] = [await aTalker(app, deps, 'Ada'), await aTalker(app, deps, 'Bo')];
  const mug = await aPublishedProduct(db, 'Mug to come back');
  const storeId = randomUUID();
  for (const { memberId } of [ada, bo])
    await aPin(deps, memberId, await aBoard(deps, memberId), { kind: 'product', productId: mug.id });
  const off = { kind: 'back_in_stock', inPage: false, byMail: false } as const;
  await inTransaction(db, (tx) => chooseNotices(tx, bo.memberId, [off]));
  const stands = async (isThere: boolean) => {
    await sql`
      insert into catalog.variant_availability (variant_id, location_id, is_available)
      values (${mug.variantId}, ${storeId}, ${isThere})
      on conflict (variant_id, location_id) do update set is_available = excluded.is_available`.execute(db);
    await inTransaction(db, (tx) => refreshListings(tx, [mug.id]));
    await run(deps, work, 'feed.follow_prices');
  };
  const told = async ({ open }: typeof ada) =>
    (await open('/v1/social/notices')).json<{ notices: { kind: string; data: object }[] }>().notices;
  await stands(false); // looked at for the first time
  expect(await told(ada)).toEqual([]);
  await stands(true);
  await stands(true);
  const [notice, ...others] = await told(ada);
  expect([notice?.kind, notice?.data, others]).toEqual(['back_in_stock', { productId: mug.id }, []]);
  const page = (await ada.open('/notices')).body;
  expect(page).toContain('Something you saved is back');
  expect(page).toContain(`href="/p/${mug.slug}"`);
  expect(await told(bo)).toEqual([]);
  await ada.send('/notices/seen', { throughId: fieldOf(page, 'throughId') ?? '' });
  expect((await unseenOf(db, [ada.memberId])).get(ada.memberId)).toBeUndefined();
  await stands(false);
  await stands(true); // again: news once more, in place of what was told before
  expect(await told(ada)).toHaveLength(1);
  expect((await unseenOf(db, [ada.memberId])).get(ada.memberId)).toBe(1);
});

test('a maker is told of a question about their brand in the page and by mail, as they choose, and of none that was taken away', async ({
  app,
  deps,
  db,
  outbox,
  work,
}) => {
  const [ada, bo] = [await aTalker(app, deps, 'Ada'), await aTalker(app, deps, 'Bo')];
  const mug = await aPublishedProduct(db, 'Mug');
  const [brandId, organizationId] = [randomUUID(), await aMaker(db, [ada.memberId])];
  await sql`insert into catalog.brand (id, slug, name) values (${brandId}, ${`b-${brandId}`}, 'Kiln')`.execute(
    db,
  );
  await sql`update catalog.product set brand_id = ${brandId} where id = ${mug.id}`.execute(db);
  const asks = async () => {
    const id = randomUUID();
    await inTransaction(db, (tx) =>
      ask(tx, bo.memberId, { id, productId: mug.id, body: 'How is it fired?' }, deps.now()),
    );
    return id;
  };
  await inTransaction(db, (tx) =>
    letSpeak(tx, 'system', { id: randomUUID(), brandId, organizationId }, deps.now()),
  );
  const digested = async () => {
    await run(deps, work, 'feed.make_digests');
    return outbox.filter(({ to }) => to === ada.email).map(({ text }) => text);
  };
  const gone = await asks();
  await inTransaction(db, (tx) => deleteSaid(tx, bo.memberId, gone, false));
  expect(await digested()).toEqual([]);
  expect((await unseenOf(db, [ada.memberId])).get(ada.memberId)).toBeUndefined();

  const id = await asks();
  const page = (await ada.open('/notices')).body;
  expect(page).toMatch(/<notice-bell class="badge">1<\/notice-bell>/);
  expect(page).toContain('asks the maker something about');
  expect(page).toContain(`<a href="/questions/${id}">Mug</a>`);
  const mails = await digested();
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain('- 1 question about products of your brands\n');

  await inTransaction(db, (tx) =>
    chooseNotices(tx, ada.memberId, [{ kind: 'brand_asked', inPage: true, byMail: false }]),
  );
  await asks();
  expect(await digested()).toHaveLength(1);
  expect((await unseenOf(db, [ada.memberId])).get(ada.memberId)).toBe(2);
});
