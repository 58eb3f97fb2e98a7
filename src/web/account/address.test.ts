import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, PASSWORD } from '../factory.ts';

test('another address is asked for, confirmed from its mail, and shown on the account', async ({
  app,
  deps,
  work,
  outbox,
}) => {
  const member = await aSignedInBrowser(app, deps);
  const email = `${randomUUID()}@example.com`;
  const wrong = await member.send('/account/address', { email, password: 'not the password' });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('That is not your password.');
  expect(wrong.body).toContain(`value="${email}"`);

  const sent = await member.send('/account/address', { email, password: PASSWORD });
  expect([sent.statusCode, sent.headers['location']]).toEqual([303, '/account/address/sent']);
  await work();
  const link = new URL(outbox.find(({ to }) => to === email)?.text.match(/http\S+/)?.[0] ?? '');
  const path = link.pathname + link.search;
  expect((await member.open(path)).body).toContain('Use the new address');
  expect((await member.open('/account')).body).toContain(member.email); // opening the link changed nothing
  const stranger = await app.inject({ url: path, headers: { accept: 'text/html' } });
  expect(stranger.headers['location']).toBe(`/sign-in?next=${encodeURIComponent(path)}`);

  const token = link.searchParams.get('token') ?? '';
  const done = await member.send('/account/address/confirm', { token });
  expect([done.statusCode, done.headers['location']]).toEqual([303, '/account']);
  const account = (await member.open('/account')).body;
  expect(account).toContain('Your e-mail address is changed.');
  expect(account).toContain(email);
  expect(account).not.toContain(member.email);
  const again = await member.send('/account/address/confirm', { token });
  expect([again.statusCode, again.body.includes('That link was used or is too old.')]).toEqual([422, true]);
});
