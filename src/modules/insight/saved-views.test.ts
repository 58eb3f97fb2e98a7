import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { StaffRole } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { seedMember, signIn } from '../identity/index.ts';
import { deleteView, savedViews, saveView } from './saved-views.ts';

const ADDRESS = '/desk/market?period=28&currency=EUR&region=NL';
const at = new Date('2026-06-01T12:00:00Z');
const code = (name: string) => expect.objectContaining({ code: `insight.${name}` });

test('a view is kept once, for its member alone, and what it is does not change under its id', async ({
  db,
}) => {
  const [ada, ben] = [randomUUID(), randomUUID()];
  const view = { id: randomUUID(), name: ' Holland ', address: ADDRESS };
  const save = (memberId: string, wish: typeof view) =>
    inTransaction(db, (tx) => saveView(tx, memberId, wish, at));

  await save(ada, view);
  await save(ada, view); // a retry
  expect(await savedViews(db, ada)).toEqual([
    { id: view.id, name: 'Holland', address: ADDRESS, savedAt: at },
  ]);
  expect(await savedViews(db, ben)).toEqual([]);

  await expect(save(ada, { ...view, name: 'Other' })).rejects.toEqual(code('view_differs'));
  await expect(save(ben, view)).rejects.toEqual(code('view_differs'));
  await expect(save(ada, { ...view, id: randomUUID() })).rejects.toEqual(code('view_name_taken'));
  await save(ben, { ...view, id: randomUUID() });

  await inTransaction(db, (tx) => deleteView(tx, ben, view.id));
  expect(await savedViews(db, ada)).toHaveLength(1);
  await inTransaction(db, (tx) => deleteView(tx, ada, view.id));
  expect(await savedViews(db, ada)).toEqual([]);
  expect(await savedViews(db, ben)).toHaveLength(1);
});

test('an address is a page of the desk, and a name says something', async ({ db }) => {
  const save = (name: string, address: string) =>
    inTransaction(db, (tx) => saveView(tx, randomUUID(), { id: randomUUID(), name, address }, at));
  for (const address of [
    'https://example.com/desk/market',
    '//example.com',
    '/shop',
    '/desk/market#figures',
    '/desk/market?x="><script>',
    `/desk/market?a=${'b'.repeat(2_000)}`,
  ])
    await expect(save('A', address), address).rejects.toEqual(code('view_unfit'));
  await expect(save('  ', ADDRESS)).rejects.toEqual(code('view_unfit'));
  await expect(save('n'.repeat(81), ADDRESS)).rejects.toEqual(code('view_unfit'));
  await save('n'.repeat(80), ADDRESS);
});

test('never more than fifty, however many are saved at once', async ({ db }) => {
  const memberId = randomUUID();
  const answers = await Promise.allSettled(
    Array.from({ length: 55 }, (_, index) =>
      inTransaction(db, (tx) =>
        saveView(tx, memberId, { id: randomUUID(), name: `View ${index}`, address: ADDRESS }, at),
      ),
    ),
  );
  const refused = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refused).toEqual(Array.from({ length: 5 }, () => code('views_full')));
  expect(await savedViews(db, memberId)).toHaveLength(50);
});

/** Somebody of the staff, signed in: what their browser sends with every request. */
async function aStaffCookie(deps: Deps, role: StaffRole): Promise<string> {
  const account = { email: `${randomUUID()}@example.com`, password: 'a stoa is a covered walk' };
  await seedMember(deps, { ...account, name: 'Ada', staffRoles: [role] });
  const caller = { headers: { host: 'localhost', origin: 'http://localhost' }, ip: '127.0.0.1' };
  const cookies = await signIn(deps, caller, account);
  return cookies.map((each) => each.split(';', 1)[0]).join('; ');
}

test('PUT, GET and DELETE /v1/insight/views are for staff, each their own', async ({ app, deps }) => {
  const [ada, ben] = [await aStaffCookie(deps, 'merchant'), await aStaffCookie(deps, 'service')];
  const guest = await app.inject({ url: '/v1/insight/views' });
  expect(guest.statusCode).toBe(401);
  const id = randomUUID();
  const ask = (cookie: string, method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    app.inject({
      method,
      url,
      ...(payload && { payload }),
      headers: { origin: 'http://localhost:80', cookie },
    });
  const body = { name: 'Holland', address: ADDRESS };

  expect((await ask(ada, 'PUT', `/v1/insight/views/${id}`, body)).statusCode).toBe(204);
  const refused = await ask(ben, 'PUT', `/v1/insight/views/${id}`, body);
  expect(refused.json()).toMatchObject({ type: '/problems/insight.view_differs', status: 409 });
  expect((await ask(ada, 'GET', '/v1/insight/views')).json()).toEqual([
    { id, ...body, savedAt: expect.any(String) },
  ]);
  expect((await ask(ben, 'GET', '/v1/insight/views')).json()).toEqual([]);
  expect((await ask(ben, 'DELETE', `/v1/insight/views/${id}`)).statusCode).toBe(204);
  expect((await ask(ada, 'GET', '/v1/insight/views')).json()).toHaveLength(1);
  expect((await ask(ada, 'DELETE', `/v1/insight/views/${id}`)).statusCode).toBe(204);
  expect((await ask(ada, 'GET', '/v1/insight/views')).json()).toEqual([]);
});
