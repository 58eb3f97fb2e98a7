import { expect } from 'vitest';
import type { Mailer } from '#platform/mail.ts';
import { test } from '#test/harness.ts';
import { confirmAddress, requestReset, resetPassword, signIn, signUp } from './accounts.ts';
import { aCaller, aMember, aPassword, aSignedInMember, anAddress, cookieHeader } from './factory.ts';
import { own } from './own.ts';
import { viewerOf } from './viewer.ts';

type Message = Parameters<Mailer>[0];

const mailsTo = (outbox: Message[], email: string) => outbox.filter(({ to }) => to === email);
const subjectsTo = (outbox: Message[], email: string) => mailsTo(outbox, email).map(({ subject }) => subject);

function tokenIn(message: Message | undefined): string {
  const link = message?.text.match(/http\S+/)?.[0] ?? '';
  return new URL(link).searchParams.get('token') ?? '';
}

test('a member signs up, confirms the address from the mail, and is signed in', async ({
  deps,
  work,
  outbox,
}) => {
  const email = anAddress();
  await signUp(deps, aCaller(), { name: ' Ada ', email: email.toUpperCase(), password: aPassword });
  await expect(signIn(deps, aCaller(), { email, password: aPassword })).rejects.toThrow('sign_in_refused');

  await work();
  const [mail] = mailsTo(outbox, email);
  expect(mail?.subject).toBe('Confirm your e-mail address');
  const cookies = await confirmAddress(deps, aCaller(), tokenIn(mail));

  const viewer = await viewerOf(deps, { cookie: cookieHeader(cookies) });
  expect(viewer).toMatchObject({ kind: 'member', name: 'Ada', email, staffRoles: [], scopes: [] });
  const again = await signIn(deps, aCaller(), { email, password: aPassword });
  expect(await viewerOf(deps, { cookie: cookieHeader(again) })).toMatchObject({ memberId: viewer.memberId });
});

test('a link confirms once: opened again it signs nobody in', async ({ deps, work, outbox }) => {
  const email = anAddress();
  await signUp(deps, aCaller(), { name: 'Ada', email, password: aPassword });
  await work();
  const token = tokenIn(mailsTo(outbox, email)[0]);

  expect(await confirmAddress(deps, aCaller(), token)).toHaveLength(1);
  expect(await confirmAddress(deps, aCaller(), token)).toEqual([]);
  await expect(confirmAddress(deps, aCaller(), `${token}x`)).rejects.toThrow('identity.link_spent');
});

test('twenty sign-ups with one address at once make one member', async ({ deps, db, work, outbox }) => {
  const email = anAddress();
  const deny = { allowed: 0 };
  const asked = Array.from({ length: 20 }, () =>
    signUp(deps, aCaller(), { name: 'Ada', email, password: aPassword }),
  );
  for (const { status } of await Promise.allSettled(asked)) if (status === 'fulfilled') deny.allowed += 1;

  expect(deny.allowed).toBe(5); // the limit for one address
  const members = await own(db)
    .selectFrom('identity.member')
    .select('id')
    .where('email', '=', email)
    .execute();
  expect(members).toHaveLength(1);
  await work();
  expect(subjectsTo(outbox, email).filter((subject) => subject.startsWith('Confirm'))).toHaveLength(1);
});

test('who signs up with a taken address changes nothing, and its owner is told', async ({
  deps,
  work,
  outbox,
}) => {
  const { email } = await aMember(deps);
  await signUp(deps, aCaller(), { name: 'Mallory', email, password: 'another password' });
  await work();

  expect(subjectsTo(outbox, email)).toEqual(['You already have an account']);
  await expect(signIn(deps, aCaller(), { email, password: 'another password' })).rejects.toThrow(
    'sign_in_refused',
  );
  expect(await signIn(deps, aCaller(), { email, password: aPassword })).toHaveLength(1);
});

test('who was first with an address but never confirmed it loses it to whoever reads its mail', async ({
  deps,
  work,
  outbox,
}) => {
  const email = anAddress();
  await signUp(deps, aCaller(), { name: 'Mallory', email, password: 'the password of a stranger' });
  await signUp(deps, aCaller(), { name: 'Ada', email, password: aPassword });
  await work();
  const reset = mailsTo(outbox, email).find(({ subject }) => subject === 'Set a new password');
  await resetPassword(deps, aCaller(), { token: tokenIn(reset), password: aPassword });

  expect(await signIn(deps, aCaller(), { email, password: aPassword })).toHaveLength(1);
  await expect(signIn(deps, aCaller(), { email, password: 'the password of a stranger' })).rejects.toThrow(
    'sign_in_refused',
  );
});

test('a reset sets the password once and ends every session', async ({ deps, work, outbox }) => {
  const { email, cookie } = await aSignedInMember(deps);
  expect(await viewerOf(deps, { cookie })).toMatchObject({ kind: 'member', email });
  await requestReset(deps, aCaller(), email.toUpperCase());
  await work();
  const token = tokenIn(mailsTo(outbox, email)[0]);

  await expect(resetPassword(deps, aCaller(), { token, password: 'short' })).rejects.toThrow(
    'identity.password_length',
  );
  await resetPassword(deps, aCaller(), { token, password: 'a new and better one' });

  expect(await viewerOf(deps, { cookie })).toEqual({ kind: 'guest', staffRoles: [], scopes: [] });
  await expect(resetPassword(deps, aCaller(), { token, password: 'a third password' })).rejects.toThrow(
    'identity.link_spent',
  );
  await expect(signIn(deps, aCaller(), { email, password: aPassword })).rejects.toThrow('sign_in_refused');
  expect(await signIn(deps, aCaller(), { email, password: 'a new and better one' })).toHaveLength(1);
});

test('a reset for an address without an account mails nobody', async ({ deps, work, outbox }) => {
  const email = anAddress();
  await requestReset(deps, aCaller(), email);
  await work();
  expect(mailsTo(outbox, email)).toEqual([]);
});

test.for([
  '',
  'ada',
  'ada@',
  '@example.com',
  'a b@example.com',
  'ada@example',
  `${'a'.repeat(250)}@example.com`,
])('refuses %j as an e-mail address, and keeps nothing', async (email, { deps }) => {
  await expect(signUp(deps, aCaller(), { name: 'Ada', email, password: aPassword })).rejects.toThrow(
    'identity.email_invalid',
  );
});

test.for([9, 129])('refuses a password of %i characters', async (length, { deps }) => {
  const wish = { name: 'Ada', email: anAddress(), password: 'x'.repeat(length) };
  await expect(signUp(deps, aCaller(), wish)).rejects.toMatchObject({
    code: 'identity.password_length',
    data: { min: 10, max: 128 },
  });
});

test('the session cookie is out of reach of scripts and other sites, and secure under https', async ({
  deps,
}) => {
  const { email } = await aMember(deps);
  const attributesOf = (cookie = '') => cookie.split('; ').slice(1).sort();
  const [plain] = await signIn(deps, aCaller(), { email, password: aPassword });
  expect(plain).toMatch(/^stoa_session=/);
  expect(attributesOf(plain)).toEqual(['HttpOnly', 'Max-Age=5184000', 'Path=/', 'SameSite=Lax']);

  const https = { ...deps, config: { ...deps.config, publicUrl: 'https://shop.example' } };
  const [secure] = await signIn(https, aCaller(), { email, password: aPassword });
  expect(secure).toMatch(/^__Secure-stoa_session=/);
  expect(attributesOf(secure)).toEqual(['HttpOnly', 'Max-Age=5184000', 'Path=/', 'SameSite=Lax', 'Secure']);
});

test('an unknown address takes as long to refuse as a wrong password', async ({ deps }) => {
  const { email } = await aMember(deps);
  const time = async (address: string) => {
    const start = performance.now();
    await signIn(deps, aCaller(), { email: address, password: 'not the password' }).catch(() => {});
    return performance.now() - start;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 5; round++) {
    known.push(await time(email));
    unknown.push(await time(anAddress()));
  }
  // Hashing takes most of either: without it the unknown address is refused ten times as fast.
  expect(Math.min(...known) / Math.min(...unknown)).toBeLessThan(3);
});
