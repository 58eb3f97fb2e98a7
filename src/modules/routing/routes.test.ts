import { expect } from 'vitest';
import { test as base } from '#test/harness.ts';
import { aSignedInMember } from '../identity/factory.ts';
import { rulesInForce } from './rule-sets.ts';
import { DEFAULT_RULES } from './rules.ts';

/** Publishes as somebody in operations: the answer's status and body. */
const test = base.extend('publish', { scope: 'file' }, async ({ app, deps }) => {
  const { cookie } = await aSignedInMember(deps, ['operations']);
  return async (version: number, rules: unknown) => {
    const url = `/v1/routing/rule-sets/${version}`;
    const answer = await app.inject({ method: 'PUT', url, headers: { cookie }, payload: { rules } });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
});

test('PUT /v1/routing/rule-sets/:version publishes once, over the version before it', async ({
  publish,
  db,
}) => {
  const rules = { ...DEFAULT_RULES, filters: [{ keep: 'within_km', km: 900 }], split: 'never' };

  expect(await publish(2, rules)).toEqual({ status: 200, body: { version: 2 } });
  expect(await publish(2, rules)).toEqual({ status: 200, body: { version: 2 } });
  expect(await rulesInForce(db)).toMatchObject({ version: 2, rules });
  expect(await publish(2, DEFAULT_RULES)).toMatchObject({
    status: 409,
    body: { type: '/problems/routing.rules_changed', data: { version: 2 } },
  });
});

test.for([
  ['a weight below zero', { weights: { ...DEFAULT_RULES.weights, cost: -1 } }],
  ['a weight that is no number', { weights: { ...DEFAULT_RULES.weights, cost: 'much' } }],
  ['no location at all', { locationsMax: 0 }],
  ['a filter that nobody knows', { filters: [{ keep: 'red_ones' }] }],
  ['a filter with another’s field', { filters: [{ keep: 'within_km', codes: ['a'] }] }],
  ['a word too many', { touchpoint: 'web' }],
] as const)('rules with %s are malformed', async ([, change], { publish, db }) => {
  const { version } = await rulesInForce(db);
  expect((await publish(version + 1, { ...DEFAULT_RULES, ...change })).status).toBe(400);
  expect((await rulesInForce(db)).version).toBe(version);
});

test('rules are for staff', async ({ app }) => {
  expect((await app.inject('/v1/routing/rule-sets')).statusCode).toBe(401);
});
