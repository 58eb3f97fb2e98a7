import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { letSpeak } from '#modules/reviews/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const PATH = '/desk/organizations';

test('an admin adds an organization, invites its people, gives and takes roles, and all of it stands in the trail', async ({
  app,
  deps,
  db,
}) => {
  const [admin, potter] = [await aSignedInBrowser(app, deps, ['admin']), await aSignedInBrowser(app, deps)];
  const name = `Kiln & Sons ${randomUUID()}`;
  const shown = name.replace('&', '&amp;');
  const id = fieldOf((await admin.open(PATH)).body, 'id') ?? '';
  const empty = await admin.send(PATH, { id, name: ' ' });
  expect([
    empty.statusCode,
    empty.body.includes('Give it a name.'),
    empty.body.includes('Choose what it is.'),
  ]).toEqual([422, true, true]);
  for (const _time of ['first', 'retry']) {
    const added = await admin.send(PATH, { id, name, roles: ['maker', 'supplier'] });
    expect([added.statusCode, added.headers.location]).toEqual([303, `${PATH}/${id}`]);
  }
  const other = await admin.send(PATH, { id, name, roles: 'carrier' });
  expect([other.statusCode, fieldOf(other.body, 'id') === id]).toEqual([409, false]);

  const at = `${PATH}/${id}`;
  const one = (await admin.open(at)).body;
  expect(one).toContain(`<h1>${shown}</h1>`);
  expect(one).toContain('Maker and Supplier');
  expect(one).toContain('Nobody has joined yet.');
  const listed = (await admin.open(PATH)).body;
  expect(listed).toContain(`<a href="${at}">${shown}</a>`);
  expect(listed).toContain('href="/desk/makers"');

  expect((await admin.send(`${at}/invite`, { email: potter.email })).statusCode).toBe(422);
  for (const email of [potter.email, `other-${randomUUID()}@example.com`])
    expect((await admin.send(`${at}/invite`, { email, roles: 'service' })).headers.location).toBe(at);
  const { rows: invited } = await sql<{ id: string; email: string }>`
    select id, email from identity.invitation where organization_id = ${id}`.execute(db);
  const invitationOf = (isPotter: boolean) =>
    invited.find(({ email }) => (email === potter.email) === isPotter)?.id ?? '';
  await admin.send(`${at}/withdraw`, { id: invitationOf(false) });
  await potter.send(`/invitations/${invitationOf(true)}`, {});
  const team = (await admin.open(at)).body;
  expect(team).toContain(potter.email);
  expect(team).not.toContain('Nobody has joined yet.');
  expect(team).not.toContain('Invited, not here yet');

  const { memberId } = potter;
  await admin.send(`${at}/roles`, { memberId, roles: ['admin', 'merchant'] });
  const alone = await admin.send(`${at}/remove`, { memberId });
  expect([alone.statusCode, alone.body.includes('A team keeps at least one admin')]).toEqual([409, true]);
  await admin.send(`${at}/roles`, { memberId: admin.memberId, roles: ['admin'] }); // who is not in the team
  const { rows: members } = await sql<{ memberId: string; roles: string[] }>`
    select member_id as "memberId", roles from identity.organization_member where organization_id = ${id}`.execute(
    db,
  );
  expect(members).toEqual([{ memberId, roles: ['admin', 'merchant'] }]);

  const { rows: trail } = await sql<{ action: string; actor: string }>`
    select action, actor from identity.audit
    where subject = ${`organization:${id}`} or data ->> 'organizationId' = ${id} order by id`.execute(db);
  expect(trail.map(({ action, actor }) => [action, actor === `member:${admin.memberId}`])).toEqual([
    ['organization_added', true],
    ['team_invited', true],
    ['team_invited', true],
    ['team_joined', false],
    ['roles_changed', true],
  ]);
});

test('staff who are no admins see which there are and no more; a maker’s page names its brands', async ({
  app,
  deps,
  db,
}) => {
  const [admin, merchant, guest] = [
    await aSignedInBrowser(app, deps, ['admin']),
    await aSignedInBrowser(app, deps, ['merchant']),
    await aSignedInBrowser(app, deps),
  ];
  const [id, brandId] = [randomUUID(), randomUUID()];
  await admin.send(PATH, { id, name: 'Lamps', roles: 'maker' });
  await sql`insert into catalog.brand (id, slug, name) values (${brandId}, ${`b-${brandId}`}, 'Lumen')`.execute(
    db,
  );
  await inTransaction(db, (tx) =>
    letSpeak(tx, 'system', { id: randomUUID(), brandId, organizationId: id }, deps.now()),
  );
  const list = (await merchant.open(PATH)).body;
  expect([
    list.includes('Lamps'),
    list.includes(`${PATH}/${id}`),
    list.includes('Add an organization'),
  ]).toEqual([true, false, false]);
  expect((await merchant.open(`${PATH}/${id}`)).statusCode).toBe(403);
  expect((await merchant.send(PATH, { id: randomUUID(), name: 'X', roles: 'maker' })).statusCode).toBe(403);
  expect(
    (await merchant.send(`${PATH}/${id}/invite`, { email: guest.email, roles: 'admin' })).statusCode,
  ).toBe(403);
  expect((await guest.open(PATH)).statusCode).toBe(403);
  expect((await admin.open(`${PATH}/${randomUUID()}`)).statusCode).toBe(404);
  expect((await admin.open(`${PATH}/${id}`)).body).toContain(`<a href="/b/b-${brandId}">Lumen</a>`);
  expect((await admin.open('/desk/makers')).body).toContain(`<a href="${PATH}/${id}">Lamps</a>`);
  expect((await merchant.open('/desk/makers')).body).not.toContain(`${PATH}/${id}`);
});
