import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { latLngToCell } from 'h3-js';
import { sql } from 'kysely';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import sharp from 'sharp';
import { expect } from 'vitest';
import { recordSale, type Sale } from '#modules/insight/factory.ts';
import { followEvents, freshness, stockFreshness } from '#modules/insight/index.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { addArea, creditAll, creditFreshness, setTerritory } from '#modules/market/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { aProduct, aSignedInBrowser } from '../factory.ts';
import { PAPER } from './market-png.tsx';

const CELLS = [latLngToCell(53.2, 6.56, 5), latLngToCell(53.0, 6.56, 5)];
const startsOn = '2020-01-01';

/** Records sales, and returns when they are in the figures and credited. */
async function follow(deps: Deps, sales: Sale[]): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    for (const sale of sales) await recordSale(tx, sale);
  });
  const stop = new AbortController();
  const following = followEvents(deps, stop.signal);
  await expect.poll(async () => (await freshness(deps.db)).behind, { timeout: 30_000 }).toBe(false);
  await expect.poll(async () => (await stockFreshness(deps.db)).behind, { timeout: 30_000 }).toBe(false);
  do await creditAll(deps);
  while ((await creditFreshness(deps.db)).isBehind);
  const told = async () => {
    const { rows } = await deps.clickhouse
      .query({ query: 'select toInt32(count()) as rows from credit_entry final', format: 'JSONEachRow' })
      .then(async (answer) => ({ rows: await answer.json<{ rows: number }>() }));
    return rows[0]?.rows;
  };
  const lines = sales.reduce((sum, sale) => sum + sale.lines.length, 0);
  await expect.poll(told, { timeout: 30_000 }).toBeGreaterThanOrEqual(lines);
  stop.abort();
  await following;
}

/** A country with an area of cells and one of postcodes, two stores, and sales of two periods. */
const test = base.extend('market', { scope: 'file' }, async ({ deps, db, databaseUrl, app }) => {
  const [vase, lamp] = [await aProduct(db, databaseUrl), await aProduct(db, databaseUrl)];
  const [delft, groningen] = [
    await aLocation(db, { code: 'delft', name: 'Stoa Delft', latitude: 52.01, longitude: 4.36 }),
    await aLocation(db, { code: 'groningen', name: 'Stoa Groningen', latitude: 53.2, longitude: 6.56 }),
  ];
  const give = (regionCode: string, locationId: string) => ({
    id: randomUUID(),
    regionCode,
    startsOn,
    stores: [{ locationId, attractiveness: 1 }],
    note: '',
    setBy: null,
  });
  await inTransaction(db, async (tx) => {
    await addArea(tx, {
      code: 'NL-north',
      parentCode: 'NL',
      name: 'North',
      plan: { by: 'cells', cells: CELLS },
    });
    const plan = {
      by: 'postcodes' as const,
      postcodes: ['1000-1109'],
      middle: { latitude: 52.37, longitude: 4.9 },
    };
    await addArea(tx, { code: 'NL-city', parentCode: 'NL', name: 'The City', plan });
    await setTerritory(tx, give('NL', delft), new Date());
    await setTerritory(tx, give('NL-north', groningen), new Date());
  });
  const [{ variantId } = { variantId: '' }] = (
    await sql<{ variantId: string }>`select id::text as "variantId" from catalog.variant limit 1`.execute(db)
  ).rows;
  await sql`insert into inventory.stock_level (variant_id, location_id) values (${variantId}, ${delft})`.execute(
    db,
  );
  await sql`
    insert into inventory.stock_movement (kind, cause_id, variant_id, location_id, on_hand_delta, reserved_delta,
      value_delta_minor, moved_at)
    values ('receive', ${randomUUID()}, ${variantId}, ${delft}, 6, 0, 9000, '2026-06-01T10:00:00Z')`.execute(
    db,
  );
  const line = (productId: string, grossMinor: number) => ({ productId, grossMinor });
  await follow(deps, [
    { businessDay: '2026-05-10', lines: [line(vase.product.id, 10_000), line(lamp.product.id, 5_000)] },
    { businessDay: '2026-05-11', regionCode: 'NL-north', lines: [line(lamp.product.id, 2_000)] },
    { businessDay: '2026-06-10', lines: [line(vase.product.id, 4_000), line(lamp.product.id, 15_000)] },
    {
      businessDay: '2026-06-11',
      regionCode: 'NL-north',
      touchpoint: 'till',
      lines: [line(lamp.product.id, 3_000)],
    },
    {
      businessDay: '2026-06-12',
      regionCode: 'NL-city',
      touchpoint: 'network:x',
      lines: [line(vase.product.id, 500)],
    },
    { businessDay: '2026-06-12', regionCode: 'FR', lines: [line(vase.product.id, 900)] },
  ]);
  const staff = await aSignedInBrowser(app, deps, ['merchant']);
  return { vase, lamp, staff, deps };
});

const JUNE = '/desk/market?from=2026-06-01&to=2026-06-30&currency=EUR';

type Node = DefaultTreeAdapterTypes.ChildNode;
const SILENT = new Set(['script', 'style', 'svg']);

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  if (!('childNodes' in node) || ('tagName' in node && SILENT.has(node.tagName))) return '';
  return node.childNodes.map(textOf).join(' ');
}
/** What a page says, or one part of it, without its marks. */
function said(html: string, from = '', to = ''): string {
  const start = from ? html.indexOf(from) : 0;
  expect(start, from).toBeGreaterThanOrEqual(0);
  const end = to ? html.indexOf(to, start) : html.length;
  const part = html.slice(from ? html.indexOf('>', start) + 1 : 0, end).replaceAll('><', '> <');
  const whole: DefaultTreeAdapterTypes.Document = parse(part);
  return whole.childNodes.map(textOf).join(' ').replaceAll(/\s+/g, ' ');
}

test('a region’s panel has its figures, its stores with credits that add up, what drives its change, and its orders', async ({
  market: { staff, vase, lamp },
}) => {
  const page = await staff.open(`${JUNE}&region=NL`);
  expect(page.statusCode).toBe(200);
  const panel = (from: string, to: string) => said(page.body, `id="${from}"`, to && `id="${to}"`);

  expect(said(page.body, 'id="panel-title"', 'id="panel-stores"')).toContain('€225.00');
  expect(said(page.body, 'id="panel-title"', 'id="panel-stores"')).toContain('+32.4% from €170.00');
  const stores = panel('panel-stores', 'panel-stock');
  expect(stores).toContain('Stoa Delft 100% €195.00 +30%');
  expect(stores).toContain('Stoa Groningen – €30.00 +50%');
  expect(stores).toContain('Total €225.00');
  const stock = panel('panel-stock', 'panel-drivers');
  expect(stock).toContain('Stoa Delft 6 €90.00 –');
  expect(stock).toContain('Total 6 €90.00 –');
  const drivers = panel('panel-drivers', 'panel-orders');
  expect(drivers).toContain('Net sales: +€55.00 against €170.00.');
  expect(drivers).toContain(`${lamp.product.title} from €70.00 to €180.00 +€110.00`);
  expect(drivers).toContain(`${vase.product.title} from €100.00 to €45.00 −€55.00`);
  expect(panel('panel-orders', '')).toMatch(
    /June 12, 2026 €5.00 .*June 11, 2026 €30.00 .*June 10, 2026 €190.00/,
  );
  expect(said(page.body, 'id="panel-title"', '</aside>')).not.toContain('Till'); // no touch point before somebody diagnoses
});

test('an area’s panel is its own, and one that nobody holds goes by the territory above it', async ({
  market: { staff },
}) => {
  const north = await staff.open(`${JUNE}&region=NL-north`);
  expect(said(north.body, 'id="panel-stores"', 'id="panel-stock"')).toContain(
    'Stoa Groningen 100% €30.00 +50%',
  );
  const city = await staff.open(`${JUNE}&region=NL-city`);
  const stores = said(city.body, 'id="panel-stores"', 'id="panel-stock"');
  expect(stores).toContain('By the territory Netherlands.');
  expect(stores).toContain('Stoa Delft 100% €5.00');
  const france = await staff.open(`${JUNE}&region=FR`);
  expect(said(france.body, 'id="panel-stores"', 'id="panel-stock"')).toContain('No territory – €9.00');
  expect((await staff.open(`${JUNE}&region=XX-nowhere`)).body).not.toContain('panel-title');
});

test('touch points are told to who diagnoses, and add up', async ({ market: { staff } }) => {
  const asked = await staff.open(`${JUNE}&region=NL&diagnose=touchpoint`);
  const rows = said(asked.body, 'id="panel-diagnosis"', '</aside>');
  expect(rows).toMatch(/X \(network\) €5.00 – Till €30.00 – Web shop €190.00 \+11.8%/);
});

test('a country is drawn by its areas, and its table adds up with what lies elsewhere in it', async ({
  market: { staff },
}) => {
  const page = await staff.open(`${JUNE}&region=NL`);
  const label = (text: string) => expect(page.body, text).toContain(`aria-label="${text}"`);
  label('Netherlands: €225.00 (+32.4%)');
  label('North: €30.00 (+50%)');
  label('The City: €5.00');
  // Two cells of six sides for the one, one for the other.
  const pathOf = (name: string) =>
    new RegExp(`aria-label="${name}: [^>]*><title>[^<]*</title><path d="([^"]*)"`).exec(page.body)?.[1];
  expect(pathOf('North')?.split('Z').filter(Boolean)).toHaveLength(2);
  expect(pathOf('The City')?.split('Z').filter(Boolean)).toHaveLength(1);
  const table = said(page.body, 'id="table-title"', '</table>');
  expect(table).toMatch(/Netherlands, elsewhere €190.00 .*North €30.00 .*The City €5.00 .*Total €225.00/);
  expect(said(page.body, 'class="map-unplaced"', '</p>')).toContain('Netherlands, elsewhere €190.00');
  const csv = await staff.open(`${JUNE.replace('market', 'market.csv')}&region=NL`);
  expect(csv.body.split('\r\n').map((row) => row.split(',').slice(0, 3).join())).toEqual([
    'Region code,Region,Net sales (EUR)',
    'NL,"Netherlands, elsewhere"',
    'NL-city,The City,5.00',
    'NL-north,North,30.00',
    'Total,,225.00',
    '',
  ]);
  expect(said(page.body, 'class="map-territory-list"', '</ul>')).toBe(
    ' Territory Netherlands: Stoa Delft 100% Territory North: Stoa Groningen 100%',
  );
});

test('two periods are compared freely, and a step shows its own day on the same scale', async ({
  market: { staff },
}) => {
  const other = '&compare=dates&before_from=2026-05-10&before_to=2026-05-10';
  const freely = await staff.open(`${JUNE}${other}&region=NL`);
  expect(said(freely.body, 'id="market-head"', '</div>')).toContain(
    'June 1, 2026 to June 30, 2026, compared with May 10, 2026',
  );
  expect(said(freely.body, 'id="panel-title"', 'id="panel-stores"')).toContain('+50% from €150.00');

  const step = await staff.open(`${JUNE}&step=2026-06-11`);
  expect(step.body).toContain('aria-label="Netherlands: €30.00 (−84.2%)"');
  expect(step.body.includes('aria-label="France')).toBe(false);
  const tone = (body: string) =>
    /aria-label="Netherlands: [^"]*" class="map-region" data-tone="(\d)"/.exec(body)?.[1];
  const whole = await staff.open(JUNE);
  expect([tone(step.body), tone(whole.body)]).toEqual(['4', '5']); // alone, the day’s would be the darkest
  expect(step.body).toContain('aria-current="step"');
  expect(step.body.match(/class="steps-row".*?<\/ol>/s)?.[0].match(/<li/g)).toHaveLength(30);
});

test('a change is coloured to two sides, and what cannot be compared is striped', async ({
  market: { staff },
}) => {
  const { body } = await staff.open(`${JUNE}&colour=change`);
  const tone = (name: string) =>
    new RegExp(`aria-label="${name}: [^"]*" class="map-region" data-tone="([^"]*)"`).exec(body)?.[1];
  expect(tone('Netherlands')).toBe('rise-2');
  expect(tone('France')).toBe('null');
  expect(body).toContain('fill="url(#no-figure)"');
  expect(body).toContain('no figure');
});

test('every metric of the map answers, also narrowed by what it is not known by, and says so', async ({
  market: { staff },
}) => {
  const share = await staff.open(`${JUNE}&region=NL&metric=assigned_share&source=stoa`);
  expect(share.statusCode).toBe(200);
  expect(said(share.body, 'id="panel-title"', 'id="panel-stores"')).toContain('100%');
  expect(said(share.body)).toContain('Assigned share is not known by source');
  expect(said(share.body)).toContain('There is nothing that this figure could be taken apart by');
  const options = [...share.body.matchAll(/<option value="([a-z_]+)"/g)].map(([, name]) => name ?? '');
  for (const metric of options.filter((name) => /_|sales|units|orders|fees|returns/.test(name)))
    expect((await staff.open(`${JUNE}&region=NL&metric=${metric}`)).statusCode, metric).toBeLessThan(401);
});

test('the orders behind a figure are listed page by page, and add up to it', async ({
  market: { staff, deps },
}) => {
  await follow(
    deps,
    Array.from({ length: 52 }, (_, index) => ({
      businessDay: '2026-06-20',
      currency: 'CHF',
      regionCode: 'CH',
      lines: [{ grossMinor: 100 + index }],
    })),
  );
  const address = '/desk/market/orders?from=2026-06-01&to=2026-06-30&currency=CHF&region=CH';
  const sums: number[] = [];
  let next: string | undefined = address;
  while (next) {
    const page: { body: string; statusCode: number } = await staff.open(next);
    expect(page.statusCode).toBe(200);
    sums.push(Number(/This page .*?CHF\s?([\d.]+)/.exec(said(page.body, '<tfoot', '</tfoot>'))?.[1]));
    next = /href="([^"]*after=[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(sums).toHaveLength(2);
  expect(sums.reduce((sum, each) => sum + each * 100, 0)).toBeCloseTo(52 * 100 + (51 * 52) / 2, 6);
  expect((await staff.open(`${address}&metric=orders&after=nonsense`)).statusCode).toBe(400);
});

test('the table is taken along as Parquet, to the cent and with the period before', async ({
  market: { staff, deps },
}) => {
  const file = await staff.open(`${JUNE.replace('market', 'market.parquet')}`);
  expect(file.headers['content-type']).toBe('application/vnd.apache.parquet');
  expect(file.headers['content-disposition']).toBe(
    'attachment; filename="sales-by-region-EUR-2026-06-01-2026-06-30.parquet"',
  );
  const read = await deps.clickhouse.query({
    query: `select region_code, region, currency, toString(net_sales) as net, toInt32(orders) as placed,
      toString(net_sales_before) as before
      from format(Parquet, base64Decode({file:String})) order by region_code`,
    query_params: { file: file.rawPayload.toString('base64') },
    format: 'JSONEachRow',
  });
  expect(await read.json()).toEqual([
    { region_code: 'FR', region: 'France', currency: 'EUR', net: '9', placed: 1, before: '0' },
    { region_code: 'NL', region: 'Netherlands', currency: 'EUR', net: '225', placed: 3, before: '170' },
  ]);
});

function countOf(pixels: Buffer, colour: string): number {
  const wanted = Buffer.from(colour.slice(1), 'hex');
  let found = 0;
  for (let at = 0; at < pixels.length; at += 3) if (wanted.equals(pixels.subarray(at, at + 3))) found++;
  return found;
}

test('the map is taken along as a picture, in the tones of the page', async ({ market: { staff } }) => {
  const { '2': ofFrance, '3': unused } = PAPER;
  for (const [address, tone, none, least] of [
    [JUNE, ofFrance, unused, 60],
    [`${JUNE}&region=NL&colour=change`, PAPER['rise-2'], PAPER['fall-2'], 3_000],
  ] as const) {
    const file = await staff.open(address.replace('market', 'market.png'));
    expect(file.headers['content-type']).toBe('image/png');
    const picture = await sharp(file.rawPayload).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(picture.info.width).toBe(1600);
    // The legend has as much of every tone: what is more is on the map.
    expect(countOf(picture.data, tone) - countOf(picture.data, none), address).toBeGreaterThan(least);
  }
  const css = readFileSync(new URL('../styles/map.css', import.meta.url), 'utf8');
  const light = Object.fromEntries(
    [...css.matchAll(/--([a-z]+(?:-\d)?): light-dark\((#[0-9a-f]{6})/g)].map(([, name, colour]) => [
      name,
      colour,
    ]),
  );
  expect(light).toMatchObject({
    land: PAPER.land,
    ...Object.fromEntries((['1', '2', '3', '4', '5'] as const).map((tone) => [`heat-${tone}`, PAPER[tone]])),
    ...Object.fromEntries(
      (['fall-2', 'fall-1', 'flat', 'rise-1', 'rise-2'] as const).map((tone) => [tone, PAPER[tone]]),
    ),
  });
});

test('a view is kept under a name, said once when it is not, and deleted', async ({ market: { staff } }) => {
  const address = `${JUNE}&region=NL&colour=change`;
  const id = randomUUID();
  const saved = await staff.send(address, { id, name: 'Holland, change', do: 'save' });
  expect([saved.statusCode, saved.headers.location]).toEqual([303, address]);
  const page = await staff.open(address);
  expect(said(page.body)).toContain('The view is saved.');
  expect(page.body).toContain(
    `<a href="${address.replaceAll('&', '&amp;')}" aria-current="true">Holland, change</a>`,
  );

  const again = await staff.send(address, { id: randomUUID(), name: 'Holland, change', do: 'save' });
  expect(again.statusCode).toBe(422);
  expect(said(again.body)).toContain('You have a view of this name already.');
  expect(again.body).toContain('value="Holland, change"');
  const nameless = await staff.send(address, { id: randomUUID(), name: ' ', do: 'save' });
  expect(said(nameless.body)).toContain('Give the view a name');

  const gone = await staff.send(address, { id, name: '', do: 'delete' });
  expect(gone.statusCode).toBe(303);
  expect((await staff.open(address)).body).not.toContain('Holland, change');
});
