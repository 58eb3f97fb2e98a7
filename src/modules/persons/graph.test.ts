import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aMember } from '../identity/factory.ts';
import { addEvidence, type Evidence, undoEvidence } from './evidence.ts';
import { aDevice, personsOf, resolved, someEvidence } from './factory.ts';
import { customerNode, memberNode, nodeId, type PersonNode } from './nodes.ts';
import { own } from './own.ts';
import { resolveSome } from './resolve-touched.ts';

vi.setConfig({ testTimeout: 120_000 });

/**
 * The rules in their plainest form, over all there is: members by strong matches, what two persons sign in on is shared, and
 * the rest edge by edge. It colours nodes again and again, and knows nothing of sets, parts or what was before.
 */
function model(nodes: readonly PersonNode[], edges: readonly Evidence[]): string[] {
  const colour = new Map(nodes.map((node) => [nodeId(node), nodeId(node)]));
  const paint = (from: string | undefined, to: string | undefined) => {
    for (const [id, each] of colour) if (each === from) colour.set(id, to ?? '');
  };
  const of = (node: PersonNode) => colour.get(nodeId(node));
  for (const { kind, isStrong, from, to } of edges) {
    if (kind === 'match' && isStrong && from.kind === 'member' && to.kind === 'member')
      paint(of(from), of(to));
  }
  const cores = new Map(
    nodes.filter(({ kind }) => kind === 'member').map((node) => [nodeId(node), of(node)]),
  );
  const near = (node: PersonNode) =>
    edges.flatMap(({ from, to }) =>
      nodeId(from) === nodeId(node) ? [nodeId(to)] : nodeId(to) === nodeId(node) ? [nodeId(from)] : [],
    );
  const shared = new Set(
    nodes
      .filter((node) => node.kind !== 'member')
      .filter((node) => new Set(near(node).flatMap((id) => cores.get(id) ?? [])).size > 1)
      .map(nodeId),
  );
  const coresIn = (wanted: string | undefined) =>
    new Set([...colour].flatMap(([id, each]) => (each === wanted ? (cores.get(id) ?? []) : [])));
  const sorted = edges.toSorted(
    (a, b) =>
      Number(b.isStrong) - Number(a.isStrong) ||
      a.seenAt.getTime() - b.seenAt.getTime() ||
      (a.id < b.id ? -1 : 1),
  );
  for (const { from, to } of sorted) {
    if (shared.has(nodeId(from)) || shared.has(nodeId(to))) continue;
    if (new Set([...coresIn(of(from)), ...coresIn(of(to))]).size <= 1) paint(of(from), of(to));
  }
  return nodes.map((node) => {
    const same = nodes.filter((each) => of(each) === of(node));
    const members = same.filter(({ kind }) => kind === 'member').map(({ value }) => value);
    return (members.length > 0 ? members : same.map(nodeId)).toSorted()[0] ?? '';
  });
}

test('whatever came in whatever order, and was undone, resolves part by part to what the whole says', async ({
  db,
  deps,
}) => {
  const accounts = await Promise.all(Array.from({ length: 4 }, () => aMember(deps)));
  const step = fc.record({
    what: fc.constantFrom('add', 'add', 'add', 'undo', 'resolve'),
    from: fc.nat(9),
    to: fc.nat(9),
    kind: fc.constantFrom('sign_in', 'order', 'match', 'match'),
    isStrong: fc.boolean(),
    seconds: fc.nat(5),
    which: fc.nat(100),
  });
  let [undone, joinedMembers, sharedSeen] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      // The accounts are the same in each history, the evidence about them is not.
      await inTransaction(db, async (tx) => {
        await own(tx).deleteFrom('persons.undoing').execute();
        await own(tx).deleteFrom('persons.evidence').execute();
        await own(tx).deleteFrom('persons.node').execute();
      });
      const nodes = [
        ...accounts.map(({ memberId }) => memberNode(memberId)),
        ...Array.from({ length: 4 }, () => aDevice()),
        customerNode(randomUUID()),
        customerNode(randomUUID()),
      ];
      const active = new Map<string, Evidence>();
      for (const { what, from, to, kind, isStrong, seconds, which } of steps) {
        const [one, other] = [nodes[from], nodes[to]];
        if (what === 'add' && one && other && from !== to) {
          const evidence = someEvidence(one, other, { kind, isStrong, seenAt: new Date(seconds * 1000) });
          await inTransaction(db, (tx) => addEvidence(tx, [evidence]));
          active.set(evidence.id, evidence);
        }
        const [victim] = [...active.keys()].slice(which % Math.max(1, active.size));
        if (what === 'undo' && victim !== undefined) {
          await inTransaction(db, (tx) => undoEvidence(tx, 'system', victim, new Date()));
          active.delete(victim);
          undone++;
        }
        if (what === 'resolve') await inTransaction(db, (tx) => resolveSome(tx));
      }
      while ((await inTransaction(db, (tx) => resolveSome(tx))) > 0);
      const known = await personsOf(db, ...nodes);
      const expected = model(nodes, [...active.values()]);
      expect(known).toEqual(expected.map((each, place) => (known[place] === undefined ? undefined : each)));
      joinedMembers += Number(new Set(expected.slice(0, 4)).size < 4);
      const rows = await own(db)
        .selectFrom('persons.node')
        .select('id')
        .where('is_shared', '=', true)
        .execute();
      sharedSeen += rows.length;
    }),
    { numRuns: 60 },
  );
  // The histories were not too tame to show anything.
  expect([undone > 10, joinedMembers > 0, sharedSeen > 2]).toEqual([true, true, true]);
});

test('a tablet that two members sign in on is nobody’s, and one’s again when the other is undone', async ({
  db,
  deps,
}) => {
  const [ada, ben] = [await aMember(deps), await aMember(deps)].map(({ memberId }) => memberNode(memberId));
  if (!ada || !ben) throw new Error('no members');
  const [tablet, phone] = [aDevice(), aDevice()];
  const wrong = someEvidence(ben, tablet);
  await resolved(db, someEvidence(ada, tablet), someEvidence(ada, phone));
  expect(await personsOf(db, ada, tablet, phone)).toEqual([ada.value, ada.value, ada.value]);

  await resolved(db, wrong);
  expect(await personsOf(db, ada, ben, tablet, phone)).toEqual([
    ada.value,
    ben.value,
    nodeId(tablet),
    ada.value,
  ]);

  await inTransaction(db, (tx) => undoEvidence(tx, 'system', wrong.id, new Date()));
  await inTransaction(db, (tx) => undoEvidence(tx, 'system', wrong.id, new Date()));
  await inTransaction(db, (tx) => resolveSome(tx));
  expect(await personsOf(db, ben, tablet)).toEqual([ben.value, ada.value]);
  await expect(
    own(db).updateTable('persons.evidence').set({ is_strong: false }).where('id', '=', wrong.id).execute(),
  ).rejects.toThrow('append-only');
});

test('members meet by a strong match only, and weak evidence between theirs is passed over', async ({
  db,
  deps,
}) => {
  const [ada, ben] = [await aMember(deps), await aMember(deps)].map(({ memberId }) => memberNode(memberId));
  if (!ada || !ben) throw new Error('no members');
  const [hers, his] = [aDevice(), aDevice()];
  const weak = { kind: 'link_click', isStrong: false } as const;
  await resolved(db, someEvidence(ada, hers), someEvidence(ben, his), someEvidence(hers, his, weak));
  await resolved(db, someEvidence(ada, ben, { kind: 'match', isStrong: false }));
  expect(await personsOf(db, ada, hers, ben, his)).toEqual([ada.value, ada.value, ben.value, ben.value]);

  await resolved(db, someEvidence(ada, ben, { kind: 'match' }));
  const one = [ada.value, ben.value].toSorted()[0];
  expect(await personsOf(db, ada, hers, ben, his)).toEqual([one, one, one, one]);
});

test('a counter’s tablet stays apart however many come, and what comes costs only itself', async ({
  db,
  deps,
}) => {
  const till = aDevice();
  const customers = Array.from({ length: 60 }, () => customerNode(randomUUID()));
  await resolved(db, ...customers.map((each) => someEvidence(each, till, { kind: 'order' })));
  const { memberId } = await aMember(deps);
  await resolved(db, someEvidence(memberNode(memberId), till));
  const all = await personsOf(db, till, memberNode(memberId), ...customers);
  expect(all).toEqual([nodeId(till), memberId, ...customers.map(nodeId)]);
});

test('evidence from twenty at once joins one person, whoever resolves it', async ({ db, deps }) => {
  const { memberId } = await aMember(deps);
  const devices = Array.from({ length: 20 }, () => aDevice());
  await Promise.all(devices.map((each) => resolved(db, someEvidence(memberNode(memberId), each))));
  while ((await inTransaction(db, (tx) => resolveSome(tx))) > 0);
  expect(new Set(await personsOf(db, ...devices))).toEqual(new Set([memberId]));
});
