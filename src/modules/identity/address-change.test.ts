import { expect } from 'vitest';
import type { Mailer } from '#platform/mail.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { requestReset, resetPassword, signIn, signUp } from './accounts.ts';
import { confirmAddressChange, requestAddressChange } from './address-change.ts';
import { aCaller, aMember, aPassword, aSignedInMember, anAddress } from './factory.ts';
import { own } from './own.ts';
import { sessionsOf } from './sessions.ts';
import { viewerOf } from './viewer.ts';

type Message = Parameters<Mailer>[0];

const mailsTo = (outbox: Message[], email: string) => outbox.filter(({ to }) => to === email);
const subjectsTo = (outbox: Message[], email: string) => mailsTo(outbox, email).map(({ subject }) => subject);

function tokenIn(message: Message | undefined): string {
  return new URL(message?.text.match(/http\S+/)?.[0] ?? '').searchParams.get('token') ?? '';
}

async function aBrowserOf(deps: Deps) {
  const { memberId, email, cookie } = await aSignedInMember(deps);
  const { sessionId = '' } = await viewerOf(deps, { cookie });
  return { email, cookie, signedIn: { memberId, sessionId } };
}

const actionsOf = async (deps: Deps, memberId: string) => {
  const rows = await own(deps.db)
    .selectFrom('identity.audit')
    .select(['action', 'data'])
    .where('subject', '=', `member:${memberId}`)
    .where('action', 'like', 'address%')
    .orderBy('id')
    .execute();
  return rows.map(({ action, data }) => [action, data]);
};

test('an address is changed by the mail to the new one: told to the old one, and elsewhere signed out', async ({
  deps,
  work,
  outbox,
}) => {
  const { email, cookie, signedIn } = await aBrowserOf(deps);
  await signIn(deps, aCaller(), { email, password: aPassword });
  const wanted = anAddress();
  await requestAddressChange(deps, aCaller(), signedIn, { email: wanted.toUpperCase(), password: aPassword });
  await work();
  expect(subjectsTo(outbox, wanted)).toEqual(['Confirm your new e-mail address']);
  expect(subjectsTo(outbox, email)).toEqual(['Your e-mail address is to be changed']);
  expect(await viewerOf(deps, { cookie })).toMatchObject({ email }); // nothing is changed yet

  const token = tokenIn(mailsTo(outbox, wanted)[0]);
  await confirmAddressChange(deps, aCaller(), signedIn, token);
  await work();

  expect(await viewerOf(deps, { cookie })).toMatchObject({ email: wanted });
  expect((await sessionsOf(deps.db, signedIn.memberId, deps.now())).map(({ id }) => id)).toEqual([
    signedIn.sessionId,
  ]);
  expect(subjectsTo(outbox, email)[1]).toBe('Your e-mail address was changed');
  await expect(signIn(deps, aCaller(), { email, password: aPassword })).rejects.toThrow('sign_in_refused');
  expect(await signIn(deps, aCaller(), { email: wanted, password: aPassword })).toHaveLength(1);
  expect(await actionsOf(deps, signedIn.memberId)).toEqual([
    ['address_change_asked', {}],
    ['address_changed', {}],
  ]);
  await expect(confirmAddressChange(deps, aCaller(), signedIn, token)).rejects.toThrow('link_spent');
});

test('a wrong password, no address, and the present address change nothing and mail nobody', async ({
  deps,
  work,
  outbox,
}) => {
  const { email, signedIn } = await aBrowserOf(deps);
  const wanted = anAddress();
  const refusals = [
    [{ email: wanted, password: 'not the password' }, 'identity.password_wrong'],
    [{ email: wanted, password: '' }, 'identity.password_wrong'],
    [{ email: 'ada', password: aPassword }, 'identity.email_invalid'],
    [{ email, password: aPassword }, 'identity.email_unchanged'],
  ] as const;
  for (const [wish, code] of refusals) {
    await expect(requestAddressChange(deps, aCaller(), signedIn, wish)).rejects.toThrow(code);
  }
  await work();
  expect([...mailsTo(outbox, wanted), ...mailsTo(outbox, email)]).toEqual([]);
  expect(await actionsOf(deps, signedIn.memberId)).toEqual([]);
});

test('a taken address is answered alike; what differs arrives in its mailbox', async ({
  deps,
  work,
  outbox,
}) => {
  const { signedIn } = await aBrowserOf(deps);
  const { email: taken } = await aMember(deps);
  const wish = { email: taken, password: aPassword };
  expect(await requestAddressChange(deps, aCaller(), signedIn, wish)).toBeUndefined();
  await work();
  const [mail, ...more] = mailsTo(outbox, taken);
  expect([mail?.subject, more]).toEqual(['This e-mail address has an account already', []]);
  expect(mail?.text).not.toContain('token');
});

test('an address that was taken after the mail went out stays with who has it', async ({
  deps,
  work,
  outbox,
}) => {
  const { email, cookie, signedIn } = await aBrowserOf(deps);
  const wanted = anAddress();
  await requestAddressChange(deps, aCaller(), signedIn, { email: wanted, password: aPassword });
  await work();
  const { memberId: other } = await aMember(deps);
  await own(deps.db).updateTable('identity.member').set({ email: wanted }).where('id', '=', other).execute();
  const confirm = confirmAddressChange(deps, aCaller(), signedIn, tokenIn(mailsTo(outbox, wanted)[0]));
  await expect(confirm).rejects.toThrow('link_spent');
  expect(await viewerOf(deps, { cookie })).toMatchObject({ email });
});

test('a stranger who signed up with the address and never confirmed it does not keep it', async ({
  deps,
  work,
  outbox,
}) => {
  const { cookie, signedIn } = await aBrowserOf(deps);
  const wanted = anAddress();
  await signUp(deps, aCaller(), { name: 'Mallory', email: wanted, password: 'the password of a stranger' });
  await requestAddressChange(deps, aCaller(), signedIn, { email: wanted, password: aPassword });
  await work();
  const mail = mailsTo(outbox, wanted).find(({ subject }) => subject === 'Confirm your new e-mail address');
  await confirmAddressChange(deps, aCaller(), signedIn, tokenIn(mail));
  expect(await viewerOf(deps, { cookie })).toMatchObject({ email: wanted });
});

test('a link confirms for the member who asked, as it was made, the latest one, and for a day', async ({
  deps,
  work,
  outbox,
}) => {
  const { signedIn } = await aBrowserOf(deps);
  const { signedIn: other } = await aBrowserOf(deps);
  const [first, second] = [anAddress(), anAddress()];
  for (const email of [first, second]) {
    await requestAddressChange(deps, aCaller(), signedIn, { email, password: aPassword });
    await work();
  }
  const token = tokenIn(mailsTo(outbox, second)[0]);
  const later = { ...deps, now: () => new Date(Date.now() + 25 * 60 * 60 * 1000) };
  const attempts = [
    [deps, signedIn, tokenIn(mailsTo(outbox, first)[0])],
    [deps, other, token],
    [deps, signedIn, `${token.slice(0, -1)}_`],
    [deps, signedIn, ''],
    [later, signedIn, token],
  ] as const;
  for (const [at, who, given] of attempts) {
    await expect(confirmAddressChange(at, aCaller(), who, given)).rejects.toThrow('identity.link_spent');
  }
  await confirmAddressChange(deps, aCaller(), signedIn, token);
});

test('a new password calls the change off, and the change calls off what the old mailbox may hold', async ({
  deps,
  work,
  outbox,
}) => {
  const { email, signedIn } = await aBrowserOf(deps);
  const wanted = anAddress();
  const ask = () => requestAddressChange(deps, aCaller(), signedIn, { email: wanted, password: aPassword });
  await ask();
  await requestReset(deps, aCaller(), email);
  await work();
  const reset = mailsTo(outbox, email).find(({ subject }) => subject === 'Set a new password');
  await resetPassword(deps, aCaller(), { token: tokenIn(reset), password: aPassword });
  const spent = tokenIn(mailsTo(outbox, wanted)[0]);
  await expect(confirmAddressChange(deps, aCaller(), signedIn, spent)).rejects.toThrow('link_spent');

  await ask();
  await requestReset(deps, aCaller(), email);
  await work();
  await confirmAddressChange(deps, aCaller(), signedIn, tokenIn(mailsTo(outbox, wanted).at(-1)));
  const resets = mailsTo(outbox, email).filter(({ subject }) => subject === 'Set a new password');
  const late = resetPassword(deps, aCaller(), {
    token: tokenIn(resets.at(-1)),
    password: 'of the old owner',
  });
  await expect(late).rejects.toThrow('link_spent');
});

test('without a password the sign-in must be of just now; the eleventh attempt waits', async ({ deps }) => {
  const { signedIn } = await aBrowserOf(deps);
  const { memberId } = signedIn;
  await own(deps.db).deleteFrom('identity.account').where('member_id', '=', memberId).execute();
  const ask = (at: Deps) =>
    requestAddressChange(at, aCaller(), signedIn, { email: anAddress(), password: '' });
  const stale = { ...deps, now: () => new Date(Date.now() + 16 * 60 * 1000) };
  await expect(ask(stale)).rejects.toThrow('identity.session_stale');
  for (let attempt = 2; attempt <= 10; attempt++) await ask(deps);
  await expect(ask(deps)).rejects.toThrow('identity.too_many_attempts');
});
