import { expect } from 'vitest';
import { rulesInForce } from '#modules/routing/index.ts';
import { test } from '#test/harness.ts';
import { aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

/** The fields of the form as the page shows them, as a browser sends them again. */
const FIELDS = [
  'over',
  'groups',
  'locations',
  'not_locations',
  'within_km',
  'leaving_within_days',
  'costing_at_most',
  'leaving_units',
  'promise',
  'cost',
  'distance',
  'load',
  'locations_max',
  'parcel_base',
  'parcel_km',
  'note',
];
const fieldsOf = (html: string): Record<string, string | string[]> => ({
  ...Object.fromEntries(FIELDS.map((name) => [name, fieldOf(html, name) ?? ''])),
  split: /<option value="(\w+)" selected/.exec(html)?.[1] ?? '',
});

test('operations changes the rules in a form; what is sent unchanged is what was there', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  await aProduct(db, databaseUrl); // with a location in the group "all"
  const before = await rulesInForce(db);
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const form = fieldsOf((await desk.open('/desk/routing')).body);
  expect(form).toMatchObject({ over: '1', promise: '50', parcel_base: '4.50', parcel_km: '0.002' });

  const same = await desk.send('/desk/routing', form);
  expect(same.statusCode).toBe(303);
  expect(await rulesInForce(db)).toMatchObject({ version: 2, rules: before.rules });

  const changed = {
    ...form,
    over: '2',
    kinds: ['store', 'warehouse'],
    groups: 'all',
    within_km: '900',
    costing_at_most: '12.5',
    with_capacity_today: 'yes',
    split: 'between_lines',
    locations_max: '2',
    parcel_km: '0.0015',
    note: 'Before the holidays',
  };
  expect((await desk.send('/desk/routing', changed)).headers['location']).toBe('/desk/routing');
  expect(await rulesInForce(db)).toMatchObject({
    version: 3,
    note: 'Before the holidays',
    publishedBy: desk.memberId,
    rules: {
      filters: [
        { keep: 'groups', groups: ['all'] },
        { keep: 'kinds', kinds: ['store', 'warehouse'] },
        { keep: 'with_capacity_today' },
        { keep: 'within_km', km: 900 },
        { keep: 'costing_at_most', minor: 1250 },
      ],
      split: 'between_lines',
      locationsMax: 2,
      parcel: { baseMinor: 450, perKmMinor: 0.15 },
    },
  });
  const page = (await desk.open('/desk/routing')).body;
  expect(fieldsOf(page)).toMatchObject({ over: '3', costing_at_most: '12.50', parcel_km: '0.0015' });
  expect(page).toContain('Before the holidays');
});

test('rules are tried on the last month without being published', async ({ app, db, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const { version } = await rulesInForce(db);
  const form = fieldsOf((await desk.open('/desk/routing')).body);
  const answer = await desk.send('/desk/routing/try', { ...form, split: 'never', load: '77' });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('What these rules would have made');
  expect(fieldOf(answer.body, 'load')).toBe('77');
  expect((await rulesInForce(db)).version).toBe(version);
});

test('what is wrong is said beside its field, and nothing is published', async ({ app, db, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const form = fieldsOf((await desk.open('/desk/routing')).body);
  const { version } = await rulesInForce(db);

  const wrong = {
    ...form,
    promise: '101',
    cost: '',
    locations: 'nowhere',
    within_km: '-5',
    parcel_base: 'x',
  };
  const answer = await desk.send('/desk/routing', wrong);

  expect(answer.statusCode).toBe(422);
  expect(answer.body).toContain('5 fields need your attention');
  expect(answer.body).toContain('There is no nowhere.');
  expect(fieldOf(answer.body, 'promise')).toBe('101');
  expect((await rulesInForce(db)).version).toBe(version);

  const late = await desk.send('/desk/routing', { ...form, over: String(version + 5), load: '99' });
  expect(late.statusCode).toBe(409);
  expect((await rulesInForce(db)).version).toBe(version);
});

test('others of the staff see the rules and can’t change them', async ({ app, db, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  const page = await desk.open('/desk/routing');
  expect(page.statusCode).toBe(200);
  expect(page.body).not.toContain('Publish</button>');
  const { version } = await rulesInForce(db);

  expect((await desk.send('/desk/routing', fieldsOf(page.body))).statusCode).toBe(403);
  expect((await rulesInForce(db)).version).toBe(version);
});
