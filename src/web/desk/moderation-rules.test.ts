import { expect } from 'vitest';
import { trustRules } from '#modules/safety/index.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

test('the desk says what trust is earned by, and where nothing may lead', async ({ app, deps, db }) => {
  const [merchant, clerk] = [
    await aSignedInBrowser(app, deps, ['merchant']),
    await aSignedInBrowser(app, deps, ['service']),
  ];
  const path = '/desk/moderation/rules';
  const rule = { level: '1', knownDays: '3', activeDays: '2', pieces: '4', welcomed: '1', cleanDays: '30' };
  expect((await clerk.send(`${path}/trust`, rule)).statusCode).toBe(403);
  expect((await merchant.send(`${path}/trust`, { ...rule, pieces: '-1' })).statusCode).toBe(422);
  expect((await merchant.send(`${path}/trust`, rule)).statusCode).toBe(303);
  expect((await trustRules(db))[0]).toEqual({
    level: 1,
    knownDays: 3,
    activeDays: 2,
    pieces: 4,
    welcomed: 1,
    cleanDays: 30,
  });

  const block = (host: string) => clerk.send(`${path}/hosts`, { host, why: 'Fakes' });
  expect((await block('not a site')).statusCode).toBe(422);
  expect((await block('https://Fakes.Example/path')).statusCode).toBe(303);
  expect((await clerk.open(path)).body).toContain('<code>fakes.example</code>');
  await clerk.send(`${path}/hosts/free`, { host: 'fakes.example' });
  expect((await clerk.open(path)).body).not.toContain('<code>fakes.example</code>');
});
