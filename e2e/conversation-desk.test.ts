import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { aBuyer, aReview } from '#modules/reviews/factory.ts';
import { answer, ask, putAspect } from '#modules/reviews/index.ts';
import { aReport } from '#modules/safety/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aPage, aPerson, aPicturedProduct, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 240_000 });

/** Something said of each kind, a report of it, and what is asked beside it. */
async function aConversation(deps: Deps, adaId: string, benId: string) {
  const { id: productId } = await aPicturedProduct(deps, { title: 'Copper pan' });
  const buyer = await aBuyer(deps, productId);
  const reviewId = await aReview(deps, buyer, { productId, rating: 2, title: 'Thin', body: 'It bends.' });
  const [questionId, answerId, openId] = [randomUUID(), randomUUID(), randomUUID()];
  await inTransaction(deps.db, async (tx) => {
    await ask(tx, adaId, { id: questionId, productId, body: 'Does it fit an oven?' }, deps.now());
    await ask(tx, adaId, { id: openId, productId, body: 'Who made it?' }, deps.now());
    const said = {
      id: answerId,
      subjectId: questionId,
      body: 'Buy mine instead',
      speaksFor: 'self',
    } as const;
    await answer(tx, { memberId: benId }, said, deps.now());
    await putAspect(tx, 'system', {
      id: randomUUID(),
      categoryId: null,
      kind: 'trait',
      code: 'room',
      name: 'Room',
      options: ['Kitchen', 'Hall'],
      position: 0,
    });
  });
  const { concernId } = await aReport(deps, adaId, { pieceId: answerId });
  await aReport(deps, benId, { pieceId: reviewId }, 'not_about_product');
  await aReport(deps, adaId, { profileId: benId });
  return { concernId };
}

test('nothing on the desk’s pages of the conversation stands in the way of a keyboard or a screen reader, light or dark, wide or narrow', async ({
  place,
  app,
  deps,
  db,
}) => {
  const [ada, ben] = [await aPerson(place, 'Ada'), await aPerson(place, 'Ben')];
  const { concernId } = await aConversation(deps, ada.memberId, ben.memberId);
  const { writeKey } = await aSource(db);
  const batch = [
    {
      type: 'track',
      event: 'Cart Viewed',
      anonymousId: 'x',
      messageId: 'bad',
      properties: { quantity: 'two' },
    },
  ];
  const sent = await app.inject({ method: 'POST', url: '/v1/batch', payload: { writeKey, batch } });
  expect(sent.statusCode).toBe(200);
  const { rows } = await sql<{ id: string }>`select id from collector.dead_letter`.execute(db);
  expect(rows).toHaveLength(1);

  const { jar } = await aSignedInBrowser(app, deps, ['admin', 'service', 'merchant']);
  const page = await aPage(place, jar);
  const paths: Record<string, RegExp> = {
    '/desk/moderation': /Copper pan|Buy mine instead/,
    [`/desk/moderation/${concernId}`]: /Buy mine instead/,
    '/desk/moderation?cause=appeal': /./,
    '/desk/moderation/rules': /./,
    '/desk/reviews': /Who made it\?/,
    '/desk/reviews/replies': /It bends\./,
    '/desk/reviews/settings': /Room/,
    '/desk/reviews/embed': /./,
    '/desk/makers': /./,
    '/desk/legal': /./,
    '/desk/collector': /Of another type than it must be/,
    [`/desk/collector/letters/${rows[0]?.id}`]: /\/properties\/quantity/,
  };
  const faults: unknown[] = [];
  for (const [path, holds] of Object.entries(paths))
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const answered = await page.goto(path);
      const text = await page.getByRole('main').innerText();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const told = { path, width, status: answered?.status(), holds: holds.test(text), overflow };
      expect(told).toEqual({ path, width, status: 200, holds: true, overflow: 0 });
      await expectAccessible(page).catch((error: unknown) => faults.push({ path, colorScheme, error }));
    }
  expect(faults).toEqual([]);
});
