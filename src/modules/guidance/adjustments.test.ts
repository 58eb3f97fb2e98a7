import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aLocation, aVariant, deliveryOf } from '#modules/inventory/factory.ts';
import { correct, keepBack, post, receive } from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { adjustments, decide, NIGHTLY, type Proposal, writeProposals } from './adjustments.ts';
import { movesOf } from './moves.ts';
import { propose } from './propose.ts';

const NOW = new Date('2026-06-30T06:00:00Z');
const DAY_MS = 86_400_000;
const place = (locationId: string, available: number, shipped: number, incoming = 0) => ({
  variantId: 'v',
  locationId,
  countryCode: 'NL',
  available,
  shipped,
  incoming,
});

test('a place that has none gets four weeks’ need less what is coming, from who keeps eight weeks’ need', () => {
  const units = (flows: ReturnType<typeof place>[]) =>
    movesOf(flows).map(({ fromId, toId, units: moved }) => [fromId, toId, moved]);
  // 13 sent in 13 weeks: one a week.
  expect(units([place('empty', 0, 13), place('full', 30, 13)])).toEqual([['full', 'empty', 4]]);
  expect(units([place('empty', 0, 13, 3), place('full', 30, 13)])).toEqual([['full', 'empty', 1]]);
  expect(units([place('empty', 0, 13, 4), place('full', 30, 13)])).toEqual([]);
  expect(units([place('empty', 0, 13), place('full', 10, 13)])).toEqual([['full', 'empty', 2]]);
  expect(units([place('empty', 0, 13), place('full', 8, 13)])).toEqual([]);
  expect(units([place('unwanted', 0, 0), place('full', 30, 0)])).toEqual([]);
  // Two lack, and two give: no unit twice, and the one that lacks more first.
  expect(units([place('a', 0, 26), place('b', 0, 13), place('much', 7, 0), place('some', 3, 0)])).toEqual([
    ['much', 'a', 7],
    ['some', 'a', 1],
    ['some', 'b', 2],
  ]);
});

test('the ledgers of stock propose a move and units to keep back, each once, and let go what is no longer so', async ({
  deps,
  db,
}) => {
  const variantId = await aVariant(db);
  const empty = await aLocation(db, { countryCode: 'NL' });
  const full = await aLocation(db, { countryCode: 'DE' });
  const at = (days: number) => new Date(deps.now().getTime() - days * DAY_MS);
  await inTransaction(db, async (tx) => {
    await receive(tx, deliveryOf({ variantId, locationId: empty }, 13), at(50));
    await receive(tx, deliveryOf({ variantId, locationId: full }, 30), at(50));
    const cause = { id: randomUUID(), at: at(40) };
    await post(tx, 'reserve', cause, [{ variantId, locationId: empty, quantity: 13 }]);
    await post(tx, 'allocate', cause, [{ variantId, locationId: empty, quantity: 13 }]);
    await post(tx, 'ship', cause, [{ variantId, locationId: empty, quantity: 13 }]);
    for (const [quantity, days] of [
      [28, 20],
      [27, 10],
    ] as const)
      await correct(
        tx,
        { id: randomUUID(), kind: 'count', lines: [{ variantId, locationId: full, quantity }] },
        at(days),
      );
  });
  const ours = async () =>
    (await adjustments(db, { limit: 100 })).filter(
      ({ facts }) => 'variantId' in facts && facts.variantId === variantId,
    );
  await propose(deps);
  const first = await ours();
  expect(
    first.map(({ kind, region, state, facts, expectedUnits, expectedMinor }) => ({
      kind,
      region,
      state,
      facts,
      expectedUnits,
      expectedMinor,
    })),
  ).toEqual([
    {
      kind: 'move_stock',
      region: 'NL',
      state: 'open',
      facts: {
        variantId,
        fromId: full,
        toId: empty,
        units: 4,
        shippedTo: 13,
        shippedFrom: 0,
        incomingTo: 0,
        availableFrom: 27,
        keptFrom: 0,
        priceMinor: null,
      },
      expectedUnits: 4,
      expectedMinor: null,
    },
    {
      kind: 'keep_back',
      region: 'DE',
      state: 'open',
      facts: {
        variantId,
        locationId: full,
        counts: 2,
        lossMost: 2,
        lossTotal: 3,
        safety: 0,
        priceMinor: null,
      },
      expectedUnits: 3,
      expectedMinor: null,
    },
  ]);
  await propose(deps);
  expect((await ours()).map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  await inTransaction(db, (tx) => keepBack(tx, { variantId, locationId: full, units: 2 }));
  await propose(deps);
  expect((await ours()).map(({ kind, state }) => [kind, state])).toEqual([
    ['move_stock', 'open'],
    ['keep_back', 'lapsed'],
  ]);
});

const aProposal = (): Proposal => {
  const facts = {
    variantId: randomUUID(),
    locationId: randomUUID(),
    counts: 2,
    lossMost: 2,
    lossTotal: 3,
    safety: 0,
  };
  return {
    kind: 'keep_back',
    subject: `keep_back ${facts.variantId}`,
    region: 'NL',
    facts: { ...facts, priceMinor: 500 },
    expectedUnits: 3,
    expectedMinor: 1_500,
    currency: 'EUR',
  };
};

test('a night with more proposals than a statement is planned anew for keeps each once, the next night too', async ({
  db,
}) => {
  const proposals = Array.from({ length: 20 }, aProposal);
  const ids = new Set(proposals.map(({ subject }) => subject));
  const write = (now: Date) => inTransaction(db, (tx) => writeProposals(tx, proposals, now, NIGHTLY));
  await write(NOW);
  await write(new Date(NOW.getTime() + DAY_MS));
  const kept = (await adjustments(db, { state: 'open', limit: 500 })).filter(({ subject }) =>
    ids.has(subject),
  );
  expect(kept).toHaveLength(20);
});

test('one of twenty decides; the same decision again is a retry, and what was decided rests for four weeks', async ({
  db,
}) => {
  const proposal = aProposal();
  const write = (now: Date) => inTransaction(db, (tx) => writeProposals(tx, [proposal], now, NIGHTLY));
  const ours = async () =>
    (await adjustments(db, { limit: 100 })).filter(({ subject }) => subject === proposal.subject);
  await write(NOW);
  const [open] = await ours();
  const adjustmentId = open?.id ?? '';
  const decisions = Array.from({ length: 20 }, (_, index) => ({
    id: randomUUID(),
    adjustmentId,
    verdict: index % 2 ? ('accepted' as const) : ('declined' as const),
    reason: `reason ${index}`,
  }));
  const answers = await Promise.allSettled(
    decisions.map((decision) => inTransaction(db, (tx) => decide(tx, 'system', decision, NOW))),
  );
  const won = answers.findIndex(({ status }) => status === 'fulfilled');
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const [decided] = await ours();
  const { id, adjustmentId: _of, ...said } = decisions[won] ?? { id: '', adjustmentId };
  expect(decided?.decision).toEqual({ ...said, actor: 'system', decidedAt: NOW });
  await inTransaction(db, (tx) => decide(tx, 'system', { id, adjustmentId, ...said } as never, NOW));
  await expect(
    inTransaction(db, (tx) =>
      decide(tx, 'system', { id: randomUUID(), adjustmentId, verdict: 'accepted', reason: '' }, NOW),
    ),
  ).rejects.toMatchObject({ code: 'guidance.adjustment_not_open' });
  await expect(
    inTransaction(db, (tx) =>
      decide(tx, 'system', { id, adjustmentId: randomUUID(), verdict: 'accepted', reason: '' }, NOW),
    ),
  ).rejects.toMatchObject({ code: 'guidance.adjustment_not_found' });

  await write(new Date(NOW.getTime() + 27 * DAY_MS));
  expect(await ours()).toHaveLength(1);
  await write(new Date(NOW.getTime() + 29 * DAY_MS));
  expect(new Set((await ours()).map(({ state }) => state))).toEqual(new Set([decided?.state, 'open']));
});
