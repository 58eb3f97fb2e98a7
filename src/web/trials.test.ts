import { sql } from 'kysely';
import { expect } from 'vitest';
import { anExperiment, aUnitOf, HALVES, step } from '#modules/experiments/factory.ts';
import type { Db } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { buildApp } from '../app.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from './factory.ts';
import { EXPOSURES_AN_HOUR } from './trials.ts';

const PEOPLE = { seam: 'product_people', variants: HALVES('below', 'above') } as const;

/** A shop whose clock moves by three seconds at each look at it: what is kept for two is asked again. */
const test = base.extend('shop', async ({ deps }, { onCleanup }) => {
  let at = deps.now().getTime();
  const app = await buildApp({
    ...deps,
    config: { ...deps.config, keepSeconds: 600 },
    now: () => new Date((at += 3_000)),
  });
  onCleanup(() => app.close());
  return app;
});

async function exposed(db: Db, experimentId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ unit: string; variant: number }>`
    select unit_id as unit, variant from experiments.exposure where experiment_id = ${experimentId}`.execute(
    db,
  );
  return Object.fromEntries(rows.map(({ unit, variant }) => [unit, variant]));
}

const agree = (visitor: Pick<ReturnType<typeof aBrowser>, 'send'>, analytics: 'yes' | 'no') =>
  visitor.send('/consent', { analytics, next: '/' });

/** Whether what people say stands before the end of what the shop says. */
const isAbove = (html: string) => html.indexOf('id="people"') < html.indexOf('<compare-tray');

test('who agreed to be counted is shown their variant at each visit, and counted once; who did not is neither', async ({
  shop,
  db,
  databaseUrl,
  deps,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const plan = await anExperiment(deps, PEOPLE);
  const path = `/p/${slug}`;
  const guest = aBrowser(shop);
  expect(isAbove((await guest.open(path)).body)).toBe(false);
  await agree(guest, 'no');
  await guest.open(path);
  expect([guest.jar.has('stoa_visitor'), await exposed(db, plan.id)]).toEqual([false, {}]);

  await agree(guest, 'yes');
  await guest.open(path);
  const own = guest.jar.get('stoa_visitor') ?? '';
  const [variant = -1] = Object.values(await exposed(db, plan.id));
  expect(await exposed(db, plan.id)).toEqual({ [own]: variant });

  // Two that were dealt differently, in turn: what guests are shown is kept, and each sees their own.
  const [usual, tried] = [aBrowser(shop), aBrowser(shop)];
  usual.jar.set('stoa_visitor', aUnitOf(plan, 0));
  tried.jar.set('stoa_visitor', aUnitOf(plan, 1));
  for (const each of [usual, tried]) await agree(each, 'yes');
  for (let visit = 0; visit < 3; visit += 1) {
    expect(isAbove((await usual.open(path)).body)).toBe(false);
    const seen = (await tried.open(path)).body;
    expect(isAbove(seen)).toBe(true);
    expect(seen).toContain('data-stoa-load="Experiment Viewed"');
    expect(seen).toContain('&quot;variation_id&quot;:&quot;above&quot;');
  }
  expect(Object.values(await exposed(db, plan.id))).toHaveLength(3);
  expect(await exposed(db, plan.id)).toMatchObject({ [tried.jar.get('stoa_visitor') ?? '']: 1 });

  // A browser that says no is forgotten, and sees what everybody does.
  await agree(tried, 'no');
  expect(tried.jar.has('stoa_visitor')).toBe(false);
  expect(isAbove((await tried.open(path)).body)).toBe(false);

  await step(deps, plan.id, 'stopped');
  const late = aBrowser(shop);
  late.jar.set('stoa_visitor', aUnitOf(plan, 1));
  await agree(late, 'yes');
  expect(isAbove((await late.open(path)).body)).toBe(false);
  expect(Object.values(await exposed(db, plan.id))).toHaveLength(3);
});

test('the order of a list and of the front page', async ({ shop, db, databaseUrl, deps }) => {
  const { category } = await aProduct(db, databaseUrl);
  const list = await anExperiment(deps, { variants: HALVES('popularity', 'price') });
  const front = await anExperiment(deps, { seam: 'home_first', variants: HALVES('popular', 'newest') });
  const visitor = aBrowser(shop);
  for (const variant of [0, 1]) {
    visitor.jar.set('stoa_visitor', aUnitOf(list, variant));
    await agree(visitor, 'yes');
    const shown = (await visitor.open(`/c/${category.slug}`)).body;
    expect(/<option value="price" selected/.test(shown)).toBe(variant === 1);
    // Whoever chose an order gets it, and takes no part.
    const chosen = (await visitor.open(`/c/${category.slug}?sort=newest`)).body;
    expect([
      chosen.includes('<option value="newest" selected'),
      chosen.includes('Experiment Viewed'),
    ]).toEqual([true, false]);
    visitor.jar.set('stoa_visitor', aUnitOf(front, variant));
    const home = (await visitor.open('/')).body;
    expect(home.indexOf('id="new"') < home.indexOf('id="popular"')).toBe(variant === 1);
  }
  await step(deps, list.id, 'stopped');
  await step(deps, front.id, 'stopped');
});

test('of many browsers at one address no more are exposed than an office has, whatever numbers they say', async ({
  app,
  db,
  deps,
}) => {
  const plan = await anExperiment(deps, { seam: 'home_first', variants: HALVES('popular', 'makers') });
  const open = (more = '') =>
    app.inject({
      url: '/',
      headers: { accept: 'text/html', cookie: `stoa_collect=yes${more}` },
      remoteAddress: '10.9.8.7',
    });
  const isGiven = async () => (await open()).cookies.some(({ name }) => name === 'stoa_visitor');
  const first = await open();
  const own = first.cookies.find(({ name }) => name === 'stoa_visitor')?.value ?? '';
  for (let opened = 1; opened < EXPOSURES_AN_HOUR; opened += 1) expect(await isGiven()).toBe(true);
  expect(await isGiven()).toBe(false);
  for (const number of [aUnitOf(plan, 0), aUnitOf(plan, 1)])
    expect((await open(`; stoa_visitor=${number}`)).body).not.toContain('Experiment Viewed');
  // Who was exposed before still is.
  expect((await open(`; stoa_visitor=${own}`)).body).toContain('Experiment Viewed');
  expect(Object.keys(await exposed(db, plan.id))).toHaveLength(EXPOSURES_AN_HOUR);
  await step(deps, plan.id, 'stopped');
});

test('a merchant asks, starts, reads, stops and decides on the desk; service sees it and does nothing', async ({
  app,
  db,
  deps,
}) => {
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const path = '/desk/experiments';
  expect((await merchant.open(path)).body).toContain('New experiment');
  expect((await merchant.open(`${path}/new`)).body).toContain('What is to be tried?');
  const form = (await merchant.open(`${path}/new?seam=list_order`)).body;
  const id = fieldOf(form, 'id') ?? '';
  const wish = {
    id,
    seam: 'list_order',
    key: 'cheap-first',
    title: 'Cheap things first',
    hypothesis: '',
    owner: merchant.memberId,
    countries: 'nl; DE',
    outcome: 'conversion',
    planned: '20000',
    choice: ['popularity', 'newest', 'price', '-price'],
    share: ['60', '', '40', ''],
    guarded: ['conversion', 'net_sales', 'taken_back'],
    worst: ['', '5', '12,5'],
  };
  for (const [wrong, told] of [
    [{ key: 'Cheap First' }, 'Small letters, digits and single hyphens'],
    [{ title: ' ' }, 'Give it a title.'],
    [{ share: ['60', '', '41', ''] }, 'together they are 100'],
    [{ share: ['', '60', '40', ''] }, 'together they are 100'],
    [{ planned: '12' }, 'A whole number from 100'],
    [{ worst: ['', 'much', ''] }, 'Percent from 0.1'],
    [{ countries: 'Netherlands' }, 'by their two letters'],
    [{ outcome: 'parts' }, 'Choose one of the figures.'],
  ] as const) {
    const refused = await merchant.send(path, { ...wish, ...wrong } as typeof wish);
    expect([refused.statusCode, refused.body.includes(told)], told).toEqual([422, true]);
  }
  expect((await merchant.send(path, wish)).statusCode).toBe(303);
  const edit = (await merchant.open(`${path}/${id}/edit`)).body;
  expect(fieldOf(edit, 'countries')).toBe('NL, DE');
  const typed = [...edit.matchAll(/name="(?:share|worst)"(?: value="([^"]*)")?/g)];
  expect(typed.map(([, value = '']) => value)).toEqual(['60', '', '40', '', '', '5', '12.5']);

  const next = async (chosen = '') => {
    const shown = (await merchant.open(`${path}/${id}`)).body;
    const fields = {
      step: fieldOf(shown, 'step') ?? '',
      kind: fieldOf(shown, 'kind') ?? '',
      chosen,
      reason: 'so',
    };
    return merchant.send(`${path}/${id}/steps`, fields);
  };
  expect((await next()).headers['location']).toBe(`${path}/${id}`);
  const running = (await merchant.open(`${path}/${id}`)).body;
  expect(running).toContain('In Netherlands and Germany');
  expect(running).toContain('Too few yet');
  expect(running).toContain('−5%');
  const service = await aSignedInBrowser(app, deps, ['service']);
  const seen = (await service.open(`${path}/${id}`)).body;
  expect([seen.includes('Cheap things first'), seen.includes('name="step"')]).toEqual([true, false]);
  expect((await service.send(path, wish)).statusCode).toBe(403);
  expect((await service.open(`${path}/new`)).statusCode).toBe(403);

  // Another one at the same place waits until this one has ended.
  const second = { ...wish, id: crypto.randomUUID(), key: 'cheap-again' };
  await merchant.send(path, second);
  const begin = { step: crypto.randomUUID(), kind: 'started', chosen: '', reason: '' };
  const inUse = await merchant.send(`${path}/${second.id}/steps`, begin);
  expect([inUse.statusCode, inUse.body.includes('tries the same thing')]).toEqual([409, true]);

  expect((await next()).statusCode).toBe(303);
  expect((await next('price')).statusCode).toBe(303);
  const decided = (await merchant.open(`${path}/${id}`)).body;
  expect(decided).toContain('Decided: Price, low to high');
  expect(decided).not.toContain('name="step"');
  const { rows } = await sql<{ kind: string }>`
    select kind from experiments.step where experiment_id = ${id} order by taken_at, id`.execute(db);
  expect(rows.map(({ kind }) => kind)).toEqual(['drafted', 'started', 'stopped', 'decided']);
});
