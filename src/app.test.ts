import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';

const url = () => `/v1/orders/carts/${randomUUID()}/lines/${randomUUID()}`;
const json = { 'content-type': 'application/json' };

const NOT_JSON = "Body is not valid JSON but content-type is set to 'application/json'";
const EMPTY = "Body cannot be empty when content-type is set to 'application/json'";
const UNFIT = 'The request is not of the described form';

test.for([
  ['a malformed body', '{"quantity": 1', json, 400, NOT_JSON],
  ['an empty body', '', json, 400, EMPTY],
  ['a wrong type', '{"quantity": "1"}', json, 400, UNFIT],
  ['an unknown field', '{"quantity": 1, "price": 0}', json, 400, UNFIT],
  ['10 MB', `{"note": "${'x'.repeat(10 * 1024 * 1024)}"}`, json, 413, 'Request body is too large'],
  ['XML', '<quantity>1</quantity>', { 'content-type': 'application/xml' }, 415, 'Unsupported Media Type'],
  ['a key that changes objects', '{"quantity": 1, "__proto__": {"admin": true}}', json, 400, NOT_JSON],
] as const)(
  '%s is a problem document that says what is wrong',
  async ([, payload, headers, status, title], { app }) => {
    const answer = await app.inject({ method: 'PUT', url: url(), payload, headers });

    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, title });
  },
);

test('the schema of every route can be compiled', ({ app }) => {
  expect(() => app.compileSchemas()).not.toThrow();
});
