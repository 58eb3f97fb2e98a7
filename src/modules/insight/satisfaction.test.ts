import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { aMailedToken, anAddressedOrder, anOwedQuestion } from '#modules/satisfaction/factory.ts';
import { answerQuestion, satisfactionBy } from '#modules/satisfaction/index.ts';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { catchUp } from './follow-events.ts';
import { freshness, opinionsFreshness } from './freshness.ts';
import { METRIC_NAMES, metricDimensions, type MetricName } from './metrics.ts';
import type { Question } from './questions.ts';
import { SATISFACTION_METRICS } from './satisfaction-metrics.ts';

const { signal: never } = new AbortController();
const MARKETPLACE = { currency: 'EUR', timeZone: 'Europe/Amsterdam' };
const CLOCK = { now: new Date('2031-12-31T12:00:00Z'), timeZone: MARKETPLACE.timeZone };
const METRICS = Object.keys(SATISFACTION_METRICS) as MetricName[];

const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    // A transaction of another test's database holds everybody's rows back until it ends.
    do await catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never);
    while ((await opinionsFreshness(db)).behind || (await freshness(db)).behind);
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<Question> & Pick<Question, 'from' | 'to'>) =>
        answer(clickhouse, { by: [], metrics: METRICS, currency: 'EUR', ...question }, CLOCK),
  );

type Facts = NonNullable<Parameters<typeof anOwedQuestion>[1]>;

async function says(deps: Deps, id: string, score: number, at: Date): Promise<void> {
  const then = { ...deps, now: () => at };
  await answerQuestion(then, aMailedToken(deps, id), { id: randomUUID(), score, words: 'A private matter' });
}

/** Owed, and answered a second later: each score after the first changes the answer. */
async function asked(deps: Deps, facts: Facts & { occurredAt: Date }, ...scores: number[]): Promise<string> {
  const id = await anOwedQuestion(deps.db, facts);
  for (const score of scores) await says(deps, id, score, new Date(facts.occurredAt.getTime() + 1000));
  return id;
}

const mailed = (db: Db, id: string) =>
  sql`insert into satisfaction.asked (question_id, outcome, at) values (${id}, 'mailed', now())`.execute(db);

const scaleOf = (db: Db, scale: 'csat' | 'nps') =>
  sql`update satisfaction.rule set scale = ${scale}::satisfaction.scale where occasion = 'return'`.execute(
    db,
  );

test('CSAT, NPS with its error, and how many answer are exact; a changed answer counts once, and no currency hides it', async ({
  deps,
  db,
  follow,
  ask,
}) => {
  const store = randomUUID();
  const noon = new Date('2031-03-30T12:00:00Z');
  await scaleOf(db, 'csat');
  await asked(deps, { regionCode: 'DE-by', occurredAt: new Date('2031-03-29T23:30:00Z') }, 2, 5); // the 30th in Amsterdam
  await asked(deps, { regionCode: 'DE', occurredAt: new Date('2031-03-30T22:00:00Z') }, 1); // the day after
  await asked(deps, { locationId: store, touchpoint: 'till', occurredAt: noon }, 4);
  await asked(deps, { locationId: store, touchpoint: 'till', occurredAt: noon }, 3);
  await mailed(db, await asked(deps, { occurredAt: noon }));
  await scaleOf(db, 'nps');
  for (const score of [10, 9, 8, 7, 6]) await asked(deps, { occurredAt: noon }, score);
  await scaleOf(db, 'csat');
  await follow();

  const day = { from: '2031-03-30', to: '2031-03-30' };
  const { total } = await ask(day);
  expect(total.figures).toEqual({
    csat: { value: 2 / 3, numerator: 2, denominator: 3, standardError: expect.closeTo(0.272165527, 9) }, // √(2/9 ÷ 3)
    nps: { value: 20, numerator: 1, denominator: 5, standardError: expect.closeTo(33.466401061, 8) }, // 100 √((0.6 − 0.04) ÷ 5)
    response_rate: { value: 8 / 9, numerator: 8, denominator: 9 },
    mailed_share: { value: 1 / 9, numerator: 1, denominator: 9 },
    answers: { value: 8 },
  });
  const other = await ask({ ...day, currency: 'JPY' });
  expect(other.total).toEqual(total);
  const by = async (dimension: Question['by'][number], more: Partial<Question> = {}) =>
    (await ask({ ...day, by: [dimension], ...more })).rows.map(({ keys, figures }) => [
      keys[dimension],
      `${figures.csat?.numerator} of ${figures.csat?.denominator}`,
      figures.answers?.value,
    ]);
  expect(await by('region')).toEqual([
    ['DE', '1 of 1', 1],
    ['NL', '1 of 2', 7],
  ]);
  expect(await by('area', { filters: { region: ['DE'] } })).toEqual([['DE-by', '1 of 1', 1]]);
  expect(await by('store')).toEqual([
    ['', '1 of 1', 6],
    [store, '1 of 2', 2],
  ]);
  expect(await by('touchpoint', { filters: { store: [store] } })).toEqual([['till', '1 of 2', 2]]);
  expect(await by('occasion')).toEqual([['return', '2 of 3', 8]]);
  const nobody = await ask({ from: '2031-01-01', to: '2031-01-01' });
  expect(nobody.total.figures.nps).toEqual({
    value: null,
    numerator: 0,
    denominator: 0,
    standardError: null,
  });
});

test('over HTTP a figure has its error and says how current it is; what is kept of an answer has no words', async ({
  app,
  deps,
  clickhouse,
  follow,
}) => {
  const { authorization } = await aMachine(deps, ['insight:read']);
  await asked(deps, { occasion: 'case', occurredAt: new Date('2025-06-01T12:00:00Z') }, 5);
  await follow();
  const response = await app.inject({
    method: 'POST',
    url: '/v1/insight/query',
    headers: { authorization },
    payload: {
      metrics: ['csat', 'nps'],
      from: '2025-06-01',
      to: '2025-06-01',
      currency: 'EUR',
      filters: { occasion: ['case'] },
    },
  });
  expect(response.json()).toMatchObject({
    isBehind: false,
    total: {
      figures: {
        csat: { value: 1, numerator: 1, denominator: 1, standardError: 0 },
        nps: { value: null, standardError: null },
      },
    },
  });
  const kept = await clickhouse.query({
    query: `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'opinion_entry' ORDER BY name`,
    format: 'JSONEachRow',
  });
  expect((await kept.json<{ name: string }>()).map(({ name }) => name)).toEqual([
    'business_day',
    'kind',
    'location_id',
    'occasion',
    'question_id',
    'region',
    'scale',
    'score',
    'touchpoint',
    'version',
  ]);
});

test('behind CSAT and NPS stand the questions that were answered, with their orders; they add up, and machines get none', async ({
  app,
  deps,
  db,
  follow,
}) => {
  const noon = new Date('2025-07-01T12:00:00Z');
  const orderId = await anAddressedOrder(db, {});
  await scaleOf(db, 'csat');
  const content = await asked(deps, { orderId, occurredAt: noon }, 1, 5);
  const not = await asked(deps, { occurredAt: noon }, 2);
  await asked(deps, { occurredAt: noon }); // nobody answered
  await scaleOf(db, 'nps');
  const against = await asked(deps, { orderId, occurredAt: noon }, 0);
  const between = await asked(deps, { occurredAt: noon }, 8);
  await scaleOf(db, 'csat');
  await follow();
  const { cookie } = await aSignedInMember(deps, ['service']);
  const { authorization } = await aMachine(deps, ['insight:read']);
  const drilled = async (metric: string, headers: Record<string, string> = { cookie }) => {
    const period = { from: '2025-07-01', to: '2025-07-01', currency: 'EUR' };
    const payload = { metric, ...period };
    return await app.inject({ method: 'POST', url: '/v1/insight/drill', headers, payload });
  };
  const rowsOf = async (metric: string) =>
    (await drilled(metric))
      .json<{ rows: Record<string, unknown>[] }>()
      .rows.map((row) => [row['documentId'], row['orderId'], row['value'], row['denominator']]);
  const sorted = (rows: unknown[][]) => rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  expect(await rowsOf('csat')).toEqual(
    sorted([
      [content, orderId, 1, 1],
      [not, '', 0, 1],
    ]),
  );
  expect(await rowsOf('nps')).toEqual(
    sorted([
      [against, orderId, -1, 1],
      [between, '', 0, 1],
    ]),
  );
  expect((await drilled('csat', { authorization })).json()).toMatchObject({
    type: '/problems/insight.question_unfit',
    data: { reason: 'drill_is_of_persons' },
  });
});

const STORES = [randomUUID(), randomUUID(), null];
const REGIONS = ['IT', 'IT-north', 'ES', 'PT'];
const aQuestion = fc.record({
  scale: fc.constantFrom('csat' as const, 'nps' as const),
  region: fc.constantFrom(...REGIONS),
  touchpoint: fc.constantFrom('web', 'till', 'app'),
  store: fc.constantFrom(...STORES),
  hour: fc.integer({ min: 0, max: 24 * 9 }),
  isMailed: fc.boolean(),
  scores: fc.array(fc.nat(10), { maxLength: 3 }),
  isFollowed: fc.boolean(),
  isReplayed: fc.boolean(),
});

const KEYS = {
  region: `case when region_code ~ '^[A-Z]{2}-' then left(region_code, 2) else region_code end`,
  area: 'region_code',
  day: `((occurred_at at time zone 'Europe/Amsterdam')::date)::text`,
  week: `(date_trunc('week', (occurred_at at time zone 'Europe/Amsterdam'))::date)::text`,
  touchpoint: 'touchpoint',
  store: `coalesce(location_id::text, '')`,
  occasion: 'occasion::text',
} as const;
type Key = keyof typeof KEYS;

/** The same from the tables of satisfaction, each question one row. */
const bySql = async (db: Db, key: Key, { from, to }: { from: string; to: string }) => {
  const { rows } = await sql<{ key: string } & Record<string, number | string>>`
    select ${sql.raw(KEYS[key])} as key, count(*)::integer as owed, count(score)::integer as answered,
      count(*) filter (where exists (select from satisfaction.asked
        where question_id = question.id and outcome = 'mailed'))::integer as mailed,
      count(*) filter (where scale = 'csat' and score in (4, 5))::integer as content,
      count(score) filter (where scale = 'csat')::integer as csat,
      count(*) filter (where scale = 'nps' and score in (9, 10))::integer
        - count(*) filter (where scale = 'nps' and score < 7)::integer as lead,
      count(score) filter (where scale = 'nps')::integer as nps,
      round((100 * stddev_pop(case when scale = 'nps' and score >= 9 then 1 when scale = 'nps' and score <= 6 then -1
        when scale = 'nps' and score is not null then 0 end)
        / sqrt(nullif(count(score) filter (where scale = 'nps'), 0)))::numeric, 6)::text as error
    from satisfaction.question left join lateral (
      select score from satisfaction.answer where question_id = question.id order by version desc limit 1) last on true
    where region_code = any(${REGIONS})
      and (occurred_at at time zone 'Europe/Amsterdam')::date between ${from}::date and ${to}::date
    group by 1 order by 1`.execute(db);
  return rows;
};

test(
  'whatever is answered, changed, mailed and sent again, the figures are what PostgreSQL says, and rows add up to the whole',
  { timeout: 240_000 },
  async ({ deps, db, databaseUrl, clickhouse, follow, ask }) => {
    const period = { from: '2030-10-24', to: '2030-10-31' }; // the clocks go back on the 27th
    await fc.assert(
      fc.asyncProperty(fc.array(aQuestion, { minLength: 1, maxLength: 12 }), async (questions) => {
        for (const { scale, region, touchpoint, store, hour, scores, ...act } of questions) {
          const occurredAt = new Date(Date.parse('2030-10-23T18:00:00Z') + hour * 3_600_000);
          await scaleOf(db, scale);
          const id = await anOwedQuestion(db, {
            regionCode: region,
            touchpoint,
            locationId: store,
            occurredAt,
          });
          const at = new Date(occurredAt.getTime() + 1000);
          const valid = scale === 'nps' ? scores : scores.map((score) => 1 + (score % 5));
          await Promise.all([
            ...valid.map((score) => says(deps, id, score, at)),
            ...(act.isMailed ? [mailed(db, id)] : []),
            ...(act.isFollowed ? [catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never)] : []),
          ]);
          if (act.isReplayed)
            await sql`update insight.follower set position = '0', number = 0 where name = 'opinion_entry'`.execute(
              db,
            );
        }
        await follow();
        const filters = { region: ['IT', 'ES', 'PT'] };
        for (const key of Object.keys(KEYS) as Key[]) {
          const { rows, total } = await ask({ ...period, by: [key], filters });
          const told = rows
            .filter(({ figures }) => figures.response_rate?.denominator !== 0) // days without an occasion
            .map(({ keys, figures: { csat, nps, response_rate, mailed_share } }) => ({
              key: keys[key],
              owed: response_rate?.denominator,
              answered: response_rate?.numerator,
              mailed: mailed_share?.numerator,
              content: csat?.numerator,
              csat: csat?.denominator,
              lead: nps?.numerator,
              nps: nps?.denominator,
              error: nps?.standardError?.toFixed(6) ?? null,
            }))
            .toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
          expect(told, key).toEqual(
            (await bySql(db, key, period)).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
          );
          const sum = rows.reduce((all, { figures }) => all + (figures.answers?.value ?? 0), 0);
          expect(sum).toBe(total.figures.answers?.value);
        }
        const whole = await ask(period);
        const { total } = await satisfactionBy(db, period, 'none', MARKETPLACE.timeZone);
        const { csat, nps } = whole.total.figures;
        expect([csat?.value, nps?.denominator]).toEqual([total.csat.value, total.nps.n]);
        if (csat?.standardError !== null)
          expect(csat?.standardError).toBeCloseTo(total.csat.standardError ?? -1, 9);
        if (nps?.value !== null) expect(nps?.value).toBeCloseTo(total.nps.value ?? -1000, 9);
      }),
      { numRuns: 10, endOnFailure: true },
    );
    await scaleOf(db, 'csat');
  },
);

test('they are asked by region, place, touch point, occasion and time, and by nothing of sales', () => {
  const dimensions = ['region', 'area', 'day', 'week', 'month', 'touchpoint', 'store', 'occasion'];
  for (const name of METRICS) expect(metricDimensions(name), name).toEqual(dimensions);
  expect(METRIC_NAMES).toEqual(expect.arrayContaining(METRICS));
});
