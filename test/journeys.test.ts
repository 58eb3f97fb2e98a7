import { randomUUID } from 'node:crypto';
import { TupleParam } from '@clickhouse/client';
import { expect, vi } from 'vitest';
import { aMachine, aMember } from '#modules/identity/factory.ts';
import { customerOfMember, setConsent } from '#modules/identity/index.ts';
import { resolved, someEvidence } from '#modules/persons/factory.ts';
import { customerNode, memberNode } from '#modules/persons/nodes.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';

vi.setConfig({ testTimeout: 60_000 });

const SOURCE = '00000000-0000-4000-8000-000000000007';

const agree = (deps: Deps, memberId: string, granted: boolean) =>
  inTransaction(deps.db, (tx) => setConsent(tx, { memberId }, { analytics: granted }, { touchpoint: 'web' }));

async function aCustomer(deps: Deps) {
  const { memberId } = await aMember(deps);
  await agree(deps, memberId, true);
  return { memberId, customerId: await inTransaction(deps.db, (tx) => customerOfMember(tx, memberId)) };
}

test('a journey is what the person did before an order, on all their devices, each message once', async ({
  app,
  deps,
}) => {
  const { db, clickhouse } = deps;
  const { memberId, customerId } = await aCustomer(deps);
  const other = await aCustomer(deps);
  const [phone, theirs, orderId] = [randomUUID(), randomUUID(), randomUUID()];
  const device = { kind: 'anonymous', scope: SOURCE, value: phone } as const;
  await resolved(
    db,
    someEvidence(memberNode(memberId), device),
    someEvidence(memberNode(memberId), customerNode(customerId), { kind: 'order' }),
    someEvidence(memberNode(other.memberId), { ...device, value: theirs }),
  );
  const at = (moment: string) => ({ keyed_at: moment, occurred_at: moment, received_at: moment });
  const step = (name: string, moment: string, more: object = {}) => ({
    source_id: SOURCE,
    message_id: randomUUID(),
    kind: 'track',
    name,
    anonymous_id: phone,
    touchpoint: 'web',
    ...at(`2026-06-${moment}`),
    ...more,
  });
  const twice = step('Product Viewed', '10 10:00:00.120', { product_id: 'vase' });
  await clickhouse.insert({
    table: 'event',
    format: 'JSONEachRow',
    values: [
      twice,
      { ...twice, received_at: '2026-06-10 11:00:00.000', product_id: 'late' },
      step('Cart Viewed', '11 10:00:00.000', { member_id: memberId, anonymous_id: '' }),
      step('Without A Time', '11 12:00:00.000', { keyed_at: '1970-01-01 00:00:00.000' }),
      step('Too Old', '01 09:59:59.999'),
      step('After', '12 10:00:00.000'),
      step('Of Another', '11 10:00:00.000', { anonymous_id: theirs }),
      step('Of Another Too', '11 10:00:00.000', { member_id: other.memberId }),
      step('A Robot', '11 10:00:00.000', { is_bot: true }),
      step('A No', '11 10:00:00.000', { consent: { analytics: false } }),
      step('orders.order_placed.v1', '12 10:00:00.000', {
        kind: 'ledger',
        anonymous_id: '',
        customer_id: customerId,
        order_id: orderId,
      }),
    ],
  });
  const { authorization } = await aMachine(deps, ['persons:read']);
  const ask = (member: string, order = orderId) =>
    app.inject({
      url: `/v1/persons/members/${member}/journeys/${order}?purpose=analytics&days=11`,
      headers: { authorization },
    });
  const found = await ask(memberId);
  const plain = { touchpoint: 'web', productId: '', orderId: '', url: '' };
  const { asOf, isBehind, sql, ...told } = found.json();
  expect([Date.parse(asOf) <= Date.now(), isBehind, sql.params.devices]).toEqual([
    true,
    false,
    [[SOURCE, phone]],
  ]);
  // Whoever is told the question may ask it again.
  const again = await clickhouse.query({
    query: sql.text,
    query_params: {
      ...sql.params,
      devices: sql.params.devices.map((device: string[]) => new TupleParam(device)),
    },
    format: 'JSONEachRow',
  });
  expect((await again.json<{ name: string }>()).map(({ name }) => name)).toEqual([
    'Without A Time',
    'Cart Viewed',
    'Product Viewed',
  ]);
  expect([found.statusCode, told]).toEqual([
    200,
    {
      orderedAt: '2026-06-12T10:00:00.000Z',
      steps: [
        { ...plain, name: 'Product Viewed', at: '2026-06-10T10:00:00.120Z', productId: 'vase' },
        { ...plain, name: 'Cart Viewed', at: '2026-06-11T10:00:00.000Z' },
        { ...plain, name: 'Without A Time', at: '2026-06-11T12:00:00.000Z' },
      ],
    },
  ]);
  const codes = async (...answers: ReturnType<typeof ask>[]) =>
    (await Promise.all(answers)).map((answer) => [answer.statusCode, answer.json().type]);
  expect(await codes(ask(other.memberId), ask(memberId, randomUUID()))).toEqual([
    [404, '/problems/persons.order_not_theirs'],
    [404, '/problems/persons.order_not_theirs'],
  ]);
  await agree(deps, memberId, false);
  expect(await codes(ask(memberId))).toEqual([[403, '/problems/persons.consent_missing']]);
});
