import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import {
  CONSENT_PURPOSES,
  CONSENT_TEXT_VERSION,
  consentHistory,
  consentOf,
  membersConsenting,
  setConsent,
} from './consent.ts';
import { aMember, cookieHeader } from './factory.ts';
import { own } from './own.ts';

test('what holds is the latest decision, whatever came before', async ({ db }) => {
  const decision = fc.tuple(fc.constantFrom(...CONSENT_PURPOSES), fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.array(decision, { maxLength: 12 }), async (decisions) => {
      const person = { guestId: randomUUID() };
      const model = new Map<string, boolean>();
      let changes = 0;
      for (const [purpose, granted] of decisions) {
        await inTransaction(db, (tx) =>
          setConsent(tx, person, { [purpose]: granted }, { touchpoint: 'web' }),
        );
        if (model.get(purpose) !== granted) changes += 1;
        model.set(purpose, granted);
      }
      const expected = Object.fromEntries(
        CONSENT_PURPOSES.map((purpose) => [purpose, model.get(purpose) ?? false]),
      );
      expect(await consentOf(db, person)).toEqual(expected);
      expect(await consentHistory(db, person)).toHaveLength(changes);
    }),
    { numRuns: 20 },
  );
});

test('keeps who, what, when, where and which wording; one person is not another', async ({ deps, db }) => {
  const [ada, bea] = [await aMember(deps), await aMember(deps)];
  await inTransaction(db, (tx) =>
    setConsent(tx, ada, { analytics: true, 'network:google': false }, { touchpoint: 'till' }),
  );
  const about = { textVersion: CONSENT_TEXT_VERSION, touchpoint: 'till', givenAt: expect.any(Date) };
  expect(await consentHistory(db, ada)).toEqual([
    { purpose: 'network:google', granted: false, ...about },
    { purpose: 'analytics', granted: true, ...about },
  ]);
  expect(await consentHistory(db, bea)).toEqual([]);
  expect((await consentOf(db, bea)).analytics).toBe(false);
});

test('a yes to older words does not cover what only the newer ones say; saying it again does, and a no stays a no', async ({
  deps,
  db,
}) => {
  const { memberId } = await aMember(deps);
  const answer = (granted: boolean, more: { textVersion?: string } = {}) =>
    inTransaction(db, (tx) =>
      setConsent(tx, { memberId }, { analytics: granted, partners: granted }, { touchpoint: 'web', ...more }),
    );
  const agreeing = async (purpose: 'analytics' | 'partners') =>
    (await membersConsenting(db, [memberId], purpose)).has(memberId);
  await answer(true, { textVersion: '2026-11' });
  expect([await agreeing('analytics'), await agreeing('partners')]).toEqual([false, true]);
  expect((await consentOf(db, { memberId })).analytics).toBe(true); // they are counted, as they were told
  await answer(true);
  await answer(true);
  expect([await agreeing('analytics'), await agreeing('partners')]).toEqual([true, true]);
  await answer(false, { textVersion: '2026-11' });
  await answer(false);
  expect(await agreeing('analytics')).toBe(false);
  expect(
    (await consentHistory(db, { memberId })).flatMap(({ purpose, granted, textVersion }) =>
      purpose === 'analytics' ? [[granted, textVersion]] : [],
    ),
  ).toEqual([
    [false, '2026-11'],
    [true, CONSENT_TEXT_VERSION],
    [true, '2026-11'],
  ]);
});

test('the ledger cannot be changed', async ({ deps, db }) => {
  const { memberId } = await aMember(deps);
  await inTransaction(db, (tx) => setConsent(tx, { memberId }, { partners: true }, { touchpoint: 'web' }));
  const rows = own(db)
    .updateTable('identity.consent')
    .set({ granted: false })
    .where('member_id', '=', memberId);
  await expect(rows.execute()).rejects.toThrow('consent is append-only');
  const gone = own(db).deleteFrom('identity.consent').where('member_id', '=', memberId);
  await expect(gone.execute()).rejects.toThrow('consent is append-only');
  expect((await consentOf(db, { memberId })).partners).toBe(true);
});

test('a guest decides over HTTP and is known again by the cookie', async ({ app }) => {
  const put = (purpose: string, cookie?: string) =>
    app.inject({
      method: 'PUT',
      url: `/v1/identity/consents/${purpose}`,
      payload: { granted: true },
      headers: cookie ? { cookie } : {},
    });
  const list = (cookie: string) => app.inject({ url: '/v1/identity/consents', headers: { cookie } });

  const first = await put('analytics');
  expect(first.statusCode).toBe(204);
  const [set = ''] = [first.headers['set-cookie']].flat();
  expect(set).toMatch(/^stoa_guest=[0-9a-f-]{36}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
  const cookie = cookieHeader([set]);
  const second = await put('network:pinterest', cookie);
  expect(second.headers['set-cookie']).toBeUndefined();
  const { consents, history } = (await list(cookie)).json();
  expect(consents).toMatchObject({ analytics: true, 'network:pinterest': true, partners: false });
  expect(history).toHaveLength(2);
  expect((await put('telepathy', cookie)).json()).toMatchObject({
    type: '/problems/identity.purpose_unknown',
  });
});
