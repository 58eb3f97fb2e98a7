import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { catchUp, recordSale } from '#modules/insight/factory.ts';
import { businessDayAt, freshness, shiftDay } from '#modules/insight/index.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { adjustments, decide, NIGHTLY, type Proposal, writeProposals } from './adjustments.ts';
import { effectsOf } from './effects.ts';
import { measureAdjustments } from './measure-adjustments.ts';

const move = (variantId: string, fromId: string, region: string): Proposal => ({
  kind: 'move_stock',
  subject: `move_stock ${variantId} ${region}`,
  region,
  facts: {
    variantId,
    fromId,
    toId: randomUUID(),
    units: 56,
    shippedTo: 182,
    shippedFrom: 0,
    incomingTo: 0,
    availableFrom: 100,
    keptFrom: 0,
    priceMinor: null,
  },
  expectedUnits: 56,
  expectedMinor: null,
  currency: 'EUR',
});
const keep = (variantId: string, region: string): Proposal => ({
  kind: 'keep_back',
  subject: `keep_back ${variantId} ${region}`,
  region,
  facts: {
    variantId,
    locationId: randomUUID(),
    counts: 2,
    lossMost: 2,
    lossTotal: 3,
    safety: 0,
    priceMinor: null,
  },
  expectedUnits: 3,
  expectedMinor: null,
  currency: 'EUR',
});

test('what was planted after a decision is measured beside like markets each night until it is final, and where nothing changed nothing is found', async ({
  deps,
  db,
  databaseUrl,
  clickhouse,
}) => {
  const today = businessDayAt(new Date(), deps.config.timeZone);
  const ago = (days: number) => shiftDay(today, -days);
  const [vase, lamp, rug, cup] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const giver = await aLocation(db, { countryCode: 'FR' });
  const sell = async (
    variantId: string,
    regionCode: string,
    days: readonly [number, number],
    unitsOn: (days: number) => number,
  ) =>
    inTransaction(db, async (tx) => {
      for (let back = days[0]; back >= days[1]; back--) {
        const quantity = unitsOn(back);
        const lines = [{ variantId, quantity, grossMinor: quantity * 100 }];
        await recordSale(tx, { businessDay: ago(back), regionCode, lines });
      }
    });

  // The Netherlands go the way of Belgium and Germany together, and sell six a day more from the day after the decision on.
  const belgium = (back: number) => (back % 2 ? 8 : 12);
  const germany = (back: number) => (back % 4 < 2 ? 5 : 15);
  const dutch = (back: number) => belgium(back) + germany(back) + (back < 20 ? 6 : 0);
  await sell(vase, 'NL', [76, 1], dutch);
  await sell(vase, 'BE', [76, 1], belgium);
  await sell(vase, 'DE', [76, 1], germany);
  // France gave: it went exactly the same way before, and is no measure.
  await sell(vase, 'FR', [76, 1], (back) => belgium(back) + germany(back));
  for (const [index, region] of ['AT', 'CH', 'DK', 'SE'].entries())
    await sell(vase, region, [76, 1], (back) => 3 + ((back * (7 + 2 * index) + index * 5) % 11));
  // Lamps: all double, those for which it was proposed and declined as well as the one that took it up.
  for (const region of ['NL', 'BE', 'DE', 'AT', 'CH', 'DK', 'SE'])
    await sell(lamp, region, [75, 17], (back) => (back > 45 ? 2 : 4) * (region === 'NL' ? 1 : 3));
  await sell(rug, 'NL', [76, 1], () => 3);
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);

  const accept: [Proposal, number][] = [
    [move(vase, giver, 'NL'), 20],
    [keep(vase, 'SE'), 20],
    [move(lamp, giver, 'NL'), 45],
    [move(rug, giver, 'NL'), 20],
    [move(cup, giver, 'NL'), 5],
  ];
  const decline = ['BE', 'DE', 'AT', 'CH'].map((region): [Proposal, number] => [
    move(lamp, giver, region),
    45,
  ]);
  const noon = (back: number) => new Date(`${ago(back)}T12:00:00Z`);
  const decided = [...accept, ...decline];
  await inTransaction(db, (tx) =>
    writeProposals(
      tx,
      decided.map(([proposal]) => proposal),
      noon(46),
      NIGHTLY,
    ),
  );
  const all = await adjustments(db, { limit: 50 });
  const idOf = ({ subject }: Proposal) => all.find((each) => each.subject === subject)?.id ?? '';
  for (const [proposal, back] of decided)
    await inTransaction(db, (tx) =>
      decide(
        tx,
        'system',
        {
          id: randomUUID(),
          adjustmentId: idOf(proposal),
          verdict: accept.some(([each]) => each === proposal) ? 'accepted' : 'declined',
          reason: 'x',
        },
        noon(back),
      ),
    );

  await Promise.all([measureAdjustments(deps), measureAdjustments(deps)]);
  const told = await Promise.all(accept.map(([proposal]) => effectsOf(db, idOf(proposal))));
  expect(told.map((effects) => effects.length)).toEqual([1, 1, 1, 1, 1]);
  const [found, cancelled, lasting, alone, fresh] = told.map(([effect]) => effect);
  const days = {
    metric: 'units',
    fromDay: ago(19),
    toDay: ago(1),
    knownTo: ago(1),
    beside: 'markets',
    isFinal: false,
  };
  let expected = 0;
  for (let back = 19; back >= 1; back--) expected += belgium(back) + germany(back);
  expect(found).toEqual({
    ...days,
    state: 'measured',
    way: 'synthetic',
    markets: 6,
    observed: expected + 6 * 19,
    expected: expect.closeTo(expected, 0),
    hoped: (56 * 19) / 28,
    chance: 1 / 7,
    weights: expect.arrayContaining([
      { region: 'BE', weight: expect.closeTo(0.5, 2) },
      { region: 'DE', weight: expect.closeTo(0.5, 2) },
    ]),
  });
  expect(cancelled).toEqual({ ...days, metric: 'cancelled_units', state: 'too_little', markets: 0 });
  expect(lasting).toEqual({
    metric: 'units',
    beside: 'markets',
    fromDay: ago(44),
    toDay: ago(17),
    knownTo: ago(1),
    isFinal: true,
    state: 'measured',
    way: 'holdout',
    markets: 4,
    observed: 112,
    expected: expect.closeTo(112, 6),
    hoped: 56,
    chance: 1,
    weights: ['AT', 'BE', 'CH', 'DE'].map((region) => ({ region, weight: 0.25 })),
  });
  expect(alone).toEqual({ ...days, state: 'too_few_markets', markets: 0 });
  expect(fresh).toEqual({
    ...days,
    fromDay: ago(4),
    state: 'too_early',
    markets: 0,
  });
  expect(
    (await adjustments(db, { state: 'accepted', limit: 50 })).find(
      ({ id }) => id === idOf(move(vase, giver, 'NL')),
    )?.effect,
  ).toEqual(found);

  // The same days say the same; what is final stays.
  await measureAdjustments(deps);
  expect(await Promise.all(accept.map(([proposal]) => effectsOf(db, idOf(proposal))))).toEqual(told);
  await expect(sql`update guidance.effect set observed = 1`.execute(db)).rejects.toThrow('append');
});

test('another price is measured beside other goods of its market, without what got another price itself', async ({
  deps,
  db,
  databaseUrl,
  clickhouse,
}) => {
  const currency = 'EXP';
  const today = businessDayAt(new Date(), deps.config.timeZone);
  const ago = (days: number) => shiftDay(today, -days);
  const [vase, one, two, same, ...more] = Array.from({ length: 8 }, () => randomUUID());
  const first = (back: number) => (back % 2 ? 8 : 12);
  const second = (back: number) => (back % 4 < 2 ? 5 : 15);
  const both = (back: number) => first(back) + second(back);
  await inTransaction(db, async (tx) => {
    for (let back = 76; back >= 1; back--) {
      const sell = (variantId: string | undefined, quantity: number, regionCode = 'NL') =>
        recordSale(tx, {
          currency,
          businessDay: ago(back),
          regionCode,
          lines: [{ variantId: variantId ?? '', quantity, grossMinor: quantity * 100 }],
        });
      await sell(vase, both(back) + (back < 20 ? 6 : 0));
      // In Belgium it has a price of its own: what it sells there is not of this one.
      await sell(vase, back < 20 ? 90 : 30, 'BE');
      await sell(one, first(back));
      await sell(two, second(back), 'DE');
      await sell(same, both(back) + (back < 20 ? 6 : 0));
      for (const [index, variantId] of more.entries())
        await sell(variantId, 3 + ((back * (7 + 2 * index) + index * 5) % 11));
    }
  });
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);

  const range = { low: 1, value: 2, high: 3 };
  const repriced = (variantId: string | undefined): Proposal => ({
    kind: 'reprice',
    subject: `reprice ${variantId}`,
    region: '',
    facts: {
      variantId: variantId ?? '',
      offerId: randomUUID(),
      besides: ['BE'],
      wasMinor: 2_000,
      becomesMinor: 1_800,
      costMinor: 1_000,
      reason: 'sales_fell',
      unitsNow: 400,
      unitsExpected: 600,
      coverNow: null,
      coverBefore: null,
      prices: 2,
      weeks: 48,
      others: 0,
      elasticity: range,
      units: range,
      netMinor: range,
      marginMinor: range,
    },
    expectedUnits: 140,
    expectedMinor: 2_000,
    currency,
  });
  const proposals = [repriced(vase), repriced(same)];
  const noon = (back: number) => new Date(`${ago(back)}T12:00:00Z`);
  await inTransaction(db, (tx) => writeProposals(tx, proposals, noon(21), ['reprice']));
  const ids = new Map(
    (await adjustments(db, { state: 'open', limit: 50 })).map(({ subject, id }) => [subject, id]),
  );
  for (const { subject } of proposals)
    await inTransaction(db, (tx) =>
      decide(
        tx,
        'system',
        { id: randomUUID(), adjustmentId: ids.get(subject) ?? '', verdict: 'accepted', reason: '' },
        noon(20),
      ),
    );
  await measureAdjustments(deps);
  let expected = 0;
  for (let back = 19; back >= 1; back--) expected += both(back);
  expect(await effectsOf(db, ids.get(`reprice ${vase}`) ?? '')).toEqual([
    {
      metric: 'units',
      fromDay: ago(19),
      toDay: ago(1),
      knownTo: ago(1),
      beside: 'goods',
      isFinal: false,
      state: 'measured',
      way: 'synthetic',
      markets: 6,
      observed: expected + 6 * 19,
      expected: expect.closeTo(expected, 0),
      hoped: (140 * 19) / 28,
      chance: 1 / 7,
      weights: expect.arrayContaining([
        { variantId: one, weight: expect.closeTo(0.5, 2) },
        { variantId: two, weight: expect.closeTo(0.5, 2) },
      ]),
    },
  ]);
});
