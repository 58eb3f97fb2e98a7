import { expect } from 'vitest';
import { rules } from '#modules/guidance/index.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const PATH = '/desk/guidance/rules';

test('a merchant says who is told of what, mutes it, and ends it; others see it', async ({
  app,
  db,
  deps,
}) => {
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const page = (await merchant.open(PATH)).body;
  expect(page).toContain('Nobody is told yet');
  const wish = {
    id: fieldOf(page, 'id') ?? '',
    metric: 'net_sales',
    region: 'NL',
    owner: merchant.memberId,
    muted: '',
  };
  for (const _time of ['first', 'retry']) expect((await merchant.send(PATH, wish)).statusCode).toBe(303);
  const kept = { id: wish.id, metric: 'net_sales', region: 'NL', ownerId: merchant.memberId };
  expect(await rules(db)).toEqual([{ ...kept, mutedUntil: null, changedAt: expect.any(Date) }]);
  expect((await merchant.open(PATH)).body).toContain('Net sales, Netherlands');

  // Its form has what it says now; the muted day begins where the retailer is.
  const form = (await merchant.open(`${PATH}?rule=${wish.id}`)).body;
  expect([fieldOf(form, 'id'), form.match(/<option value="NL" selected/)?.length]).toEqual([wish.id, 1]);
  await merchant.send(PATH, { ...wish, metric: '*', region: '=', muted: '2026-06-30' });
  expect(await rules(db)).toEqual([
    {
      ...kept,
      metric: null,
      region: '',
      mutedUntil: new Date('2026-06-29T22:00:00Z'),
      changedAt: expect.any(Date),
    },
  ]);
  const muted = (await merchant.open(`${PATH}?rule=${wish.id}`)).body;
  expect(fieldOf(muted, 'muted')).toBe('2026-06-30');
  expect(muted).toContain('Any figure, all regions');

  for (const [wrong, told] of [
    [{ metric: 'nonsense' }, 'Choose one of the figures.'],
    [{ owner: 'nobody' }, 'Choose somebody of the team.'],
    [{ owner: wish.id }, 'Choose somebody of the team.'],
    [{ muted: '2026-02-31' }, 'Write a day, such as 2026-06-30.'],
  ] as const) {
    const refused = await merchant.send(PATH, { ...wish, ...wrong });
    expect([refused.statusCode, refused.body.includes(told)], told).toEqual([422, true]);
  }

  const service = await aSignedInBrowser(app, deps, ['service']);
  const seen = (await service.open(PATH)).body;
  expect([seen.includes('Any figure, all regions'), seen.includes('<form class="form"')]).toEqual([
    true,
    false,
  ]);
  expect((await service.send(PATH, wish)).statusCode).toBe(403);
  expect((await service.send(`${PATH}/end`, { id: wish.id })).statusCode).toBe(403);

  for (const _time of ['first', 'retry'])
    expect((await merchant.send(`${PATH}/end`, { id: wish.id })).statusCode).toBe(303);
  expect(await rules(db)).toEqual([]);
  const late = await merchant.send(PATH, wish);
  expect([late.statusCode, late.body.includes('This rule has ended meanwhile.')]).toEqual([422, true]);
});
