import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, ORIGIN } from '../factory.ts';

test('guidance is for staff; what is not there is refused by name, and rules are for who answers', async ({
  app,
  deps,
}) => {
  const ask = async (
    roles: Parameters<typeof aSignedInBrowser>[2],
    method: 'GET' | 'PUT',
    url: string,
    payload?: object,
  ) => {
    const { jar } = await aSignedInBrowser(app, deps, roles);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await app.inject({
      method,
      url: `/v1/guidance${url}`,
      headers: { cookie, origin: ORIGIN },
      ...(payload && { payload }),
    });
    return [answer.statusCode, answer.body === '' ? '' : answer.json<{ type?: string }>().type];
  };
  const decision = { adjustmentId: randomUUID(), verdict: 'accepted' };
  const rule = { metric: 'orders', region: null, ownerId: randomUUID(), mutedUntil: null };
  expect((await app.inject('/v1/guidance/findings')).statusCode).toBe(401);
  expect(await ask(['service'], 'GET', '/findings')).toEqual([200, undefined]);
  expect(await ask(['service'], 'GET', `/findings/${randomUUID()}`)).toEqual([
    404,
    '/problems/guidance.finding_not_found',
  ]);
  expect(await ask(['merchant'], 'PUT', `/decisions/${randomUUID()}`, decision)).toEqual([
    404,
    '/problems/guidance.adjustment_not_found',
  ]);
  expect((await ask(['service'], 'PUT', `/rules/${randomUUID()}`, rule))[0]).toBe(403);
  expect(await ask(['merchant'], 'PUT', `/rules/${randomUUID()}`, rule)).toEqual([
    422,
    '/problems/guidance.owner_not_staff',
  ]);
});
