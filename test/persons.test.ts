import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aCart, aStockedVariant, aWish } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { inTransaction } from '#platform/db.ts';
import { mailedTo } from '#platform/mailed-links.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { settled } from '#test/settled.ts';
import { sayingInClickhouse } from '#test/words-kept.ts';
import { erasePerson } from '../src/erasure.ts';
import { addJob } from '#platform/events.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { openStore } from '#modules/collector/store.ts';
import { collect } from '#modules/collector/collect.ts';
import { aSource } from '#modules/collector/factory.ts';
import { catchUpCollected } from '#modules/collector/follow-collected.ts';
import { sourceOf } from '#modules/collector/sources.ts';
import { aMember, aSignedInMember } from '#modules/identity/factory.ts';
import { setConsent, viewerOf } from '#modules/identity/index.ts';
import { addEvidence } from '#modules/persons/evidence.ts';
import { aDevice, personsOf, resolved, someEvidence } from '#modules/persons/factory.ts';
import { followStream } from '#modules/persons/follow-stream.ts';
import { customerNode, memberNode, nodeId, type PersonNode } from '#modules/persons/nodes.ts';
import { eventsOfMember, personOfMember } from '#modules/persons/persons.ts';
import { resolveTouched } from '#modules/persons/resolve-touched.ts';

vi.setConfig({ testTimeout: 60_000 });

const MINUTE_MS = 60_000;
const agree = (deps: Deps, memberId: string, isGranted: boolean) =>
  inTransaction(deps.db, (tx) =>
    setConsent(tx, { memberId }, { analytics: isGranted }, { touchpoint: 'web' }),
  );

/** Events of a browser, received some minutes ago, under a source of their own. */
async function browsed(
  deps: Deps,
  source: Awaited<ReturnType<typeof sourceOf>>,
  anonymousId: string,
  more: { event?: string; memberId?: string; properties?: object; analytics?: boolean } = {},
): Promise<void> {
  const receivedAt = new Date(Date.now() - 5 * MINUTE_MS);
  const { event = 'Product Viewed', memberId, properties = {}, analytics = true } = more;
  const told = {
    type: 'track',
    event,
    messageId: randomUUID(),
    anonymousId,
    timestamp: receivedAt.toISOString(),
    properties,
    context: { consent: { categoryPreferences: { analytics } } },
  };
  const delivery = {
    source,
    events: [told],
    call: undefined,
    sentAt: undefined,
    receivedAt,
    memberId,
    userAgent: '',
  };
  expect(await collect(deps, openStore(deps), delivery)).toEqual({ taken: 1, setAside: 0 });
}

async function aBrowserSource(deps: Deps) {
  const { id } = await aSource(deps.db, { kind: 'browser' });
  return sourceOf(deps.db, id);
}

const overridesOf = async (clickhouse: ClickHouseClient, ...nodes: PersonNode[]) => {
  const found = await clickhouse.query({
    query:
      'select toString(person_id) as person from person_override final where node in {nodes: Array(String)} order by person',
    query_params: { nodes: nodes.map((node) => nodeId(node).replaceAll('-', '')) },
    format: 'JSONEachRow',
  });
  return (await found.json<{ person: string }>()).map(({ person }) => person);
};

const period = () => ({
  from: new Date(Date.now() - 60 * MINUTE_MS),
  until: new Date(Date.now() + MINUTE_MS),
});

test('what somebody did before they signed in is theirs afterwards, while they agree', async ({
  deps,
  clickhouse,
}) => {
  const { db } = deps;
  const { memberId } = await aMember(deps);
  const source = await aBrowserSource(deps);
  const [hers, another] = [randomUUID(), randomUUID()];
  await browsed(deps, source, hers, { properties: { product_id: 'vase' } });
  await browsed(deps, source, hers, { event: 'Not Agreed', analytics: false });
  await browsed(deps, source, hers, { event: 'Signed In', memberId });
  await browsed(deps, source, another, { event: 'Of Another' });
  await followStream(deps);
  await followStream(deps);
  await resolveTouched(deps);
  const device = { kind: 'anonymous', scope: source.id, value: hers } as const;
  expect(await personsOf(db, device, memberNode(memberId))).toEqual([memberId, memberId]);
  expect(await overridesOf(clickhouse, device)).toEqual([memberId]);

  const names = async () =>
    (await eventsOfMember(deps, memberId, 'analytics', period())).map(({ name }) => name);
  const refused = { code: 'persons.consent_missing', data: { purpose: 'analytics' } };
  await expect(names()).rejects.toMatchObject(refused);
  await expect(personOfMember(db, memberId, 'analytics')).rejects.toMatchObject(refused);
  await agree(deps, memberId, true);
  expect((await names()).toSorted()).toEqual(['Product Viewed', 'Signed In']);
  await expect(personOfMember(db, memberId, 'partners')).rejects.toMatchObject({
    data: { purpose: 'partners' },
  });
  const { personId, nodes, evidence } = await personOfMember(db, memberId, 'analytics');
  expect([
    personId,
    nodes.map(({ value }) => value),
    evidence.map(({ kind, saidBy }) => [kind, saidBy]),
  ]).toEqual([memberId, [hers, memberId], [['sign_in', 'stream']]]);
  await agree(deps, memberId, false);
  await expect(names()).rejects.toMatchObject(refused);
});

test('two accounts of one person are seen when both agree', async ({ deps }) => {
  const [one, other] = [(await aMember(deps)).memberId, (await aMember(deps)).memberId];
  await resolved(deps.db, someEvidence(memberNode(one), memberNode(other), { kind: 'match' }));
  await agree(deps, one, true);
  await expect(personOfMember(deps.db, one, 'analytics')).rejects.toMatchObject({
    code: 'persons.consent_missing',
  });
  await agree(deps, other, true);
  expect((await personOfMember(deps.db, one, 'analytics')).nodes).toHaveLength(2);
});

test('an order joins the customer to the member, and a guest’s to the browser that says it', async ({
  deps,
  databaseUrl,
  work,
}) => {
  const { db } = deps;
  const place = await aStockedVariant(db, databaseUrl, 9);
  const { memberId, cookie } = await aSignedInMember(deps);
  const viewer = await viewerOf(deps, { cookie });
  await placeOrder(deps, viewer, aWish(await aCart(db, viewer, { [place.variantId]: 1 }), 1495));
  const guest = { kind: 'guest', staffRoles: [], scopes: [] } as const;
  const wish = aWish(await aCart(db, guest, { [place.variantId]: 1 }), 1495);
  await placeOrder(deps, guest, wish);
  await work();
  await settled(db);
  await catchUpCollected(deps, AbortSignal.timeout(20_000));
  const source = await aBrowserSource(deps);
  const browser = randomUUID();
  await browsed(deps, source, browser, { event: 'Order Completed', properties: { order_id: wish.orderId } });
  await followStream(deps);
  await resolveTouched(deps);
  const { rows } = await sql<{ own: string; guests: string }>`
    select c.id as own, o.customer_id as guests from identity.customer c, orders.order o
    where c.member_id = ${memberId} and o.id = ${wish.orderId}`.execute(db);
  const [{ own, guests } = { own: '', guests: '' }] = rows;
  const device = { kind: 'anonymous', scope: source.id, value: browser } as const;
  expect(await personsOf(db, customerNode(own))).toEqual([memberId]);
  const [joined, person] = await personsOf(db, device, customerNode(guests));
  expect([joined, person]).toEqual([person, [nodeId(device), nodeId(customerNode(guests))].toSorted()[0]]);
});

test('a link of a mail joins whom it went to and the browser that opened it, weakly, and not for who is gone', async ({
  app,
  deps,
  databaseUrl,
  outbox,
  work,
}) => {
  const { db, config } = deps;
  const place = await aStockedVariant(db, databaseUrl, 9);
  const { memberId, cookie } = await aSignedInMember(deps);
  const viewer = await viewerOf(deps, { cookie });
  const wish = aWish(await aCart(db, viewer, { [place.variantId]: 1 }), 1495);
  await placeOrder(deps, viewer, wish);
  await work();
  const mail = outbox.find(({ text }) => text.includes(wish.orderId));
  const [, via = ''] = /#via=([\w-]{39})\s/.exec(mail?.text ?? '') ?? [];
  const whom = mailedTo(config, via);
  expect(whom?.kind).toBe('customer');
  const { id: scope } = await aSource(db, { kind: 'browser' });
  const { writeKey } = await sourceOf(db, scope);
  const [hers, theirs] = [randomUUID(), randomUUID()];
  const click = (anonymousId: string, more: object = {}) =>
    app.inject({
      method: 'post',
      url: '/v1/persons/clicks',
      payload: { writeKey, anonymousId, via, ...more },
    });
  const device = (value: string): PersonNode => ({ kind: 'anonymous', scope, value });
  expect((await click(hers)).statusCode).toBe(204);
  expect((await click(hers)).statusCode).toBe(204);
  await resolveTouched(deps);
  expect(await personsOf(db, device(hers))).toEqual([memberId]);
  const { rows } = await sql`
    select kind, is_strong, said_by from persons.evidence where ${nodeId(device(hers))} in (from_node, to_node)`.execute(
    db,
  );
  expect(rows).toEqual([{ kind: 'link_click', is_strong: false, said_by: 'mail' }]);

  const guessed = await click(theirs, { via: `c${'A'.repeat(38)}` });
  expect([guessed.statusCode, guessed.json()]).toMatchObject([
    422,
    { type: '/problems/persons.click_unknown' },
  ]);
  expect((await click(theirs, { writeKey: 'nobody’s' })).json()).toMatchObject({
    type: '/problems/collector.key_unknown',
  });

  await inTransaction(db, (tx) => erasePerson(tx, memberId, new Date()));
  expect((await click(theirs)).statusCode).toBe(204);
  await resolveTouched(deps);
  expect(await personsOf(db, device(hers), device(theirs))).toEqual([undefined, undefined]);
});

test('who is erased is in no node, no evidence and no override, does not come back, and leaves their tablet to nobody', async ({
  deps,
  clickhouse,
}) => {
  const { db } = deps;
  const [gone, stays] = [(await aMember(deps)).memberId, (await aMember(deps)).memberId];
  const [phone, tablet, theirs] = [aDevice(), aDevice(), aDevice()];
  const evidence = [
    someEvidence(memberNode(gone), phone),
    someEvidence(memberNode(gone), tablet),
    someEvidence(memberNode(stays), tablet),
    someEvidence(memberNode(stays), theirs),
  ];
  await resolved(db, ...evidence);
  await resolveTouched(deps);
  expect(await overridesOf(clickhouse, phone, memberNode(gone))).toEqual([gone, gone]);

  await inTransaction(db, (tx) => erasePerson(tx, gone, new Date()));
  await inTransaction(db, (tx) => erasePerson(tx, gone, new Date()));
  await resolveTouched(deps);
  expect(await personsOf(db, memberNode(gone), phone, tablet, memberNode(stays), theirs)).toEqual([
    undefined,
    undefined,
    nodeId(tablet),
    stays,
    stays,
  ]);
  const hidden = await clickhouse.query({
    query: 'select count() as n from person_override where node in {nodes: Array(String)}',
    query_params: { nodes: [phone, memberNode(gone)].map((node) => nodeId(node).replaceAll('-', '')) },
    format: 'JSONEachRow',
  });
  expect((await hidden.json<{ n: number }>()).map(({ n }) => Number(n))).toEqual([0]);
  const late = someEvidence(memberNode(gone), phone);
  expect(await inTransaction(db, (tx) => addEvidence(tx, [late]))).toEqual(new Set());
  expect(await personsOf(db, memberNode(gone), phone)).toEqual([undefined, undefined]);
});

test('who is erased is in no table of the analytics: by no number, device, session, address or hash', async ({
  deps,
  clickhouse,
  databaseUrl,
  work,
}) => {
  const { db } = deps;
  const place = await aStockedVariant(db, databaseUrl, 9);
  const { memberId, cookie } = await aSignedInMember(deps);
  const viewer = await viewerOf(deps, { cookie });
  const source = await aBrowserSource(deps);
  const phone = randomUUID();
  await browsed(deps, source, phone, { properties: { email: 'zenobia@palmyra.example' } });
  await browsed(deps, source, phone, { event: 'Signed In', memberId });
  await placeOrder(deps, viewer, aWish(await aCart(db, viewer, { [place.variantId]: 1 }), 1495));
  await work();
  await settled(db);
  await catchUpCollected(deps, AbortSignal.timeout(20_000));
  await catchUp(deps, AbortSignal.timeout(20_000));
  await followStream(deps);
  await resolveTouched(deps);
  const { rows } = await sql<{ id: string; units: string }>`
    select c.id, (select count(*) from orders.order where customer_id = c.id) as units
    from identity.customer c where member_id = ${memberId}`.execute(db);
  const [customer = { id: '', units: '' }] = rows;
  const device = { kind: 'anonymous', scope: source.id, value: phone } as const;
  const words = [
    memberId,
    phone,
    'zenobia@palmyra.example',
    ...[device, memberNode(memberId), customerNode(customer.id)].map((node) =>
      nodeId(node).replaceAll('-', ''),
    ),
  ];
  const tables = () => Promise.all(words.map((word) => sayingInClickhouse(clickhouse, word)));
  expect(await tables()).toEqual([
    ['event', 'event_step', 'person_override'],
    ['event', 'event_step'],
    ['event'],
    ['person_override'],
    ['person_override'],
    ['person_override'],
  ]);
  const soldBefore = await sayingInClickhouse(clickhouse, place.variantId);

  await inTransaction(db, (tx) => erasePerson(tx, memberId, new Date()));
  await inTransaction(db, (tx) => addJob(tx, 'collector.erase_asked', {}, 'now'));
  await work();
  await settled(db);
  await catchUpCollected(deps, AbortSignal.timeout(20_000));
  await catchUp(deps, AbortSignal.timeout(20_000));
  expect(await tables()).toEqual(words.map(() => []));
  // The sale itself stays in the figures, of a customer whom nothing names any more.
  expect(soldBefore).toContain('sale_entry');
  expect(await sayingInClickhouse(clickhouse, place.variantId)).toContain('sale_entry');
});
