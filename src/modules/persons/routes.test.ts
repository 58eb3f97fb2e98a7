import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aMember, aSignedInMember } from '../identity/factory.ts';
import { auditTrail, setConsent } from '../identity/index.ts';
import { aDevice, personsOf } from './factory.ts';
import { memberNode, nodeId } from './nodes.ts';

test('evidence is given once, read with the person, and undone with a trace; each refusal has its name', async ({
  app,
  db,
  deps,
  work,
}) => {
  const { memberId } = await aMember(deps);
  const { cookie } = await aSignedInMember(deps, ['admin']);
  const call = (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object, headers = { cookie }) =>
    app.inject({ method, url: `/v1/persons${url}`, headers, ...(payload && { payload }) });
  const [id, mailed] = [randomUUID(), aDevice()];
  const body = {
    kind: 'link_click',
    from: mailed,
    to: memberNode(memberId),
    seenAt: '2026-05-01T10:00:00.000Z',
  };

  for (const attempt of ['first', 'retry'])
    expect((await call('PUT', `/evidence/${id}`, body)).statusCode, attempt).toBe(204);
  const refusals: [object, string][] = [
    [{ ...body, isStrong: true }, 'evidence_differs'],
    [{ ...body, to: mailed }, 'same_node'],
  ];
  for (const [wrong, code] of refusals)
    expect((await call('PUT', `/evidence/${id}`, wrong)).json()).toMatchObject({
      type: `/problems/persons.${code}`,
    });
  const unknown = { ...body, to: memberNode(randomUUID()) };
  expect((await call('PUT', `/evidence/${randomUUID()}`, unknown)).json()).toMatchObject({
    type: '/problems/persons.member_unknown',
  });
  const match = { ...body, kind: 'match', from: { kind: 'handle', scope: 'pinterest', value: 'ada' } };
  expect((await call('PUT', `/evidence/${randomUUID()}`, match)).json()).toMatchObject({
    type: '/problems/persons.consent_missing',
    data: { purpose: 'network:pinterest' },
  });

  await work();
  expect(await personsOf(db, mailed)).toEqual([memberId]);
  const url = `/members/${memberId}?purpose=analytics`;
  expect((await call('GET', url)).json()).toMatchObject({ status: 403, data: { purpose: 'analytics' } });
  await inTransaction(db, (tx) => setConsent(tx, { memberId }, { analytics: true }, { touchpoint: 'web' }));
  expect((await call('GET', url)).json()).toEqual({
    personId: memberId,
    nodes: [
      { id: nodeId(mailed), ...mailed, isShared: false },
      { id: nodeId(memberNode(memberId)), ...memberNode(memberId), isShared: false },
    ],
    evidence: [
      {
        id,
        kind: 'link_click',
        fromNode: [nodeId(mailed), nodeId(memberNode(memberId))].toSorted()[0],
        toNode: [nodeId(mailed), nodeId(memberNode(memberId))].toSorted()[1],
        isStrong: false,
        saidBy: expect.stringMatching(/^member:/),
        seenAt: body.seenAt,
        undoneAt: null,
      },
    ],
  });
  const period = 'from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z';
  expect((await call('GET', `/members/${memberId}/events?purpose=analytics&${period}`)).json()).toEqual({
    events: [],
  });

  for (const attempt of ['first', 'retry'])
    expect((await call('POST', `/evidence/${id}/undo`)).statusCode, attempt).toBe(204);
  await work();
  expect(await personsOf(db, mailed)).toEqual([nodeId(mailed)]);
  const trail = await auditTrail(db, { action: 'merge_undone', limit: 50 });
  expect(trail.map(({ subject }) => subject)).toEqual([`evidence:${id}`]);
  expect((await call('POST', `/evidence/${randomUUID()}/undo`)).json()).toMatchObject({
    type: '/problems/persons.evidence_not_found',
  });
  expect((await call('GET', `/members/${randomUUID()}?purpose=analytics`)).json()).toMatchObject({
    type: '/problems/persons.person_not_found',
  });
});

test('members, merchants and associates read nobody', async ({ app, deps }) => {
  const { memberId } = await aMember(deps);
  for (const roles of [undefined, ['merchant'], ['associate'], ['operations']] as const) {
    const { cookie } = await aSignedInMember(deps, roles && [...roles]);
    const asked = { url: `/v1/persons/members/${memberId}?purpose=analytics`, headers: { cookie } };
    expect((await app.inject(asked)).statusCode).toBe(403);
    const undo = {
      method: 'POST',
      url: `/v1/persons/evidence/${randomUUID()}/undo`,
      headers: { cookie },
    } as const;
    expect((await app.inject(undo)).statusCode).toBe(403);
  }
});
