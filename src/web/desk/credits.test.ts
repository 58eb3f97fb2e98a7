import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { recordSale } from '#modules/insight/factory.ts';
import { orderPlaced } from '#events/orders.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { namesOf } from '#modules/identity/index.ts';
import { followEvents, freshness } from '#modules/insight/index.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { creditFreshness, creditSums, followCredits, regionOfAddress } from '#modules/market/index.ts';
import { inTransaction } from '#platform/db.ts';
import { recordPast } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const PERIOD = { from: '2026-06-01', to: '2026-06-30', currency: 'EUR' };
const QUERY = new URLSearchParams(PERIOD).toString();

test('a territory set in a form credits its sales; the desk shows them equal to net sales after a cancellation and returns, with their lines and a CSV', async ({
  app,
  db,
  deps,
}) => {
  const code = `s${randomUUID().slice(0, 8)}`;
  const locationId = await aLocation(db, { code, name: 'Stoa Delft' });
  const { memberId: associateId } = await aSignedInMember(deps);
  await inTransaction(db, async (tx) => {
    const sold = await recordSale(tx, {
      regionCode: 'NL',
      lines: [{ grossMinor: 12_345 }, { kind: 'postage', grossMinor: 595 }],
    });
    const taken = { regionCode: 'NL', of: sold };
    await recordSale(tx, { ...taken, isCancellation: true, lines: [{ quantity: 1, grossMinor: 2_000 }] });
    await recordSale(tx, { ...taken, isReturn: true, regionCode: 'JP', lines: [{ grossMinor: 1_000 }] });
    await recordSale(tx, { regionCode: 'JP', touchpoint: 'till', lines: [{ grossMinor: 600 }] });
    await recordSale(tx, { regionCode: 'NL', isReturn: true, lines: [{ grossMinor: 345 }] });
    await recordPast(tx, orderPlaced, [helpedBy(associateId)]);
  });
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const id = fieldOf((await desk.open('/desk/territories')).body, 'id') ?? '';
  const typed = { id, region: 'NL', from: '2026-06-01', note: '', [`store-${code}`]: '120' };
  const preview = await desk.send('/desk/territories', { ...typed, do: 'preview' });
  expect(preview.statusCode).toBe(200);
  expect(preview.body).toContain('Stoa Delft would have it alone.');
  expect((await desk.send('/desk/territories', { ...typed, do: 'set' })).statusCode).toBe(303);

  const stop = new AbortController();
  const following = [followEvents(deps, stop.signal), followCredits(deps, stop.signal, () => {})];
  await expect
    .poll(async () => (await freshness(db)).behind || (await creditFreshness(db)).isBehind, {
      timeout: 20_000,
    })
    .toBe(false);
  stop.abort();
  await Promise.all(following);
  expect(await creditSums(db, PERIOD)).toEqual({
    locations: [{ locationId, regionalMinor: 9_000, fulfilmentMinor: 0 }],
    associates: [],
    unassignedMinor: 600,
    regionalMinor: 9_600,
  });

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const shown = (await merchant.open(`/desk/credits?${QUERY}`)).body;
  expect(shown).toContain('Equal to the net sales of the period: €96.00');
  const market = (await merchant.open(`/desk/market?${QUERY}`)).body;
  expect(market).toMatch(/Cancellations[\s\S]{0,900}-€20\.00/);
  const lines = (await merchant.open(`/desk/credits/lines?${QUERY}&kind=regional&location=${locationId}`))
    .body;
  expect(lines).toContain('€123.45');
  expect(lines).toContain('-€3.45');
  expect(lines).not.toContain('€6.00');
  expect((await merchant.open(`/desk/credits.csv?${QUERY}`)).body).toBe(
    [
      'Store,Regional credit (EUR),Fulfilment credit (EUR),Associate credit (EUR)',
      'Stoa Delft,90.00,0.00,',
      'Unassigned,6.00,,',
      'Regional credits and unassigned,96.00,,',
      '',
    ].join('\r\n'),
  );
  const [name] = (await namesOf(db, [`member:${associateId}`])).values();
  const helped = await merchant.open(`/desk/credits.csv?${QUERY.replace('EUR', 'USD')}`);
  expect(helped.body).toBe(
    [
      'Store,Regional credit (USD),Fulfilment credit (USD),Associate credit (USD)',
      'Stoa Delft,7.50,0.00,',
      'Unassigned,0.00,,',
      'Regional credits and unassigned,7.50,,',
      `${name},,,7.50`,
      '',
    ].join('\r\n'),
  );
  expect((await merchant.open('/desk/territories')).body).toContain('Stoa Delft');
  expect((await merchant.send('/desk/territories', { ...typed, do: 'set' })).statusCode).toBe(403);
});

/** A sale in dollars that a member of staff helped with. */
function helpedBy(associateId: string) {
  const [id, orderId] = [newId(), newId()];
  const amounts = { quantity: 1, grossMinor: 750, discountMinor: 0, netMinor: 750 };
  const line = { lineId: newId(), kind: 'goods' as const, productId: null, variantId: null, ...amounts };
  const when = { businessDay: '2026-06-01', occurredAt: '2026-06-01T12:00:00.000Z' };
  const where = { touchpoint: 'till', regionCode: 'NL', currency: 'USD', source: 'stoa' };
  const sale = { orderId, number: orderId, customerId: null, associateId, lines: [line] };
  return { id, payload: { ...sale, ...when, ...where } };
}

test('what is wrong with a territory stands beside its field, and nothing is set', async ({
  app,
  db,
  deps,
}) => {
  const code = `s${randomUUID().slice(0, 8)}`;
  await aLocation(db, { code });
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const typed = {
    id: randomUUID(),
    region: 'ZZ',
    from: 'soon',
    note: '',
    do: 'set',
    [`store-${code}`]: '-1',
  };
  const answer = await desk.send('/desk/territories', typed);
  expect(answer.statusCode).toBe(422);
  for (const text of ['Choose a region of the list.', 'Give a day.', 'Give a number above 0, or nothing.']) {
    expect(answer.body).toContain(text);
  }
});

test('a country is divided in a form, and an address says where it counts; overlaps name the other', async ({
  app,
  db,
  deps,
}) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const north = { parent: 'SE', code: 'SE-north', name: 'The North', by: 'postcodes', parts: '8\n90-98' };
  expect((await desk.send('/desk/regions', north)).statusCode).toBe(303);
  expect(await regionOfAddress(db, 'SE', '903 26')).toBe('SE-north');
  const overlapping = await desk.send('/desk/regions', {
    ...north,
    code: 'SE-umea',
    name: 'Umeå',
    parts: '903',
  });
  expect(overlapping.statusCode).toBe(409);
  expect(overlapping.body).toContain('“903” belongs to The North already.');
  const ring = [
    [18, 59],
    [18.2, 59],
    [18.2, 59.2],
    [18, 59],
  ];
  const geometry = { type: 'Polygon', coordinates: [ring] };
  const drawn = JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', geometry }] });
  const south = { parent: 'SE', code: 'SE-drawn', name: 'Drawn', by: 'outline', parts: drawn };
  expect((await desk.send('/desk/regions', south)).statusCode).toBe(303);
  expect((await desk.send('/desk/regions', { ...south, code: 'SE-no', parts: '{}' })).body).toContain(
    'it has no polygon',
  );
  const found = (await desk.open('/desk/regions?country=se&postcode=903+26')).body;
  expect(found).toContain('It counts in The North.');
  expect(found).toMatch(/\d+ cells/);
});
