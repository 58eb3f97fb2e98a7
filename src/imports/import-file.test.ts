import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, describe, expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { idOf } from '#platform/ids.ts';
import { type Db, openDb } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { importFile } from './import-file.ts';
import { type Mapping, readMapping } from './mapping.ts';
import { holdRun } from './progress.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures', 'invented-sales.csv');
const WHOLE_FILE = join(import.meta.dirname, '../../../shared/data/online-retail/online-retail.csv.gz');
const reportsDir = mkdtempSync(join(tmpdir(), 'stoa-imports-'));
afterAll(() => rmSync(reportsDir, { recursive: true, force: true }));

let minute = 0;
/** A moment of its own for each import: their reports' folders are named by it. */
const aMoment = () => new Date(Date.UTC(2026, 0, 1, 0, (minute += 1)));

/** The mapping of Online Retail under another name, so that a test has rows of its own. */
const mappingAs = (source: string, prefix: string): Mapping => ({
  ...readMapping('online-retail'),
  source,
  prefix,
});

function run(databaseUrl: string, mapping: Mapping, file = FIXTURE, watch = {}) {
  return importFile({ databaseUrl, file, mapping, reportsDir, now: aMoment(), watch });
}

async function ledger(db: Db, source: string) {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from orders.order where source = ${source}) as orders,
      (select coalesce(sum(total_minor), 0)::bigint from orders.order where source = ${source}) as ordered,
      (select count(*) from orders.order_line l join orders.order o on o.id = l.order_id where source = ${source}) as lines,
      (select count(*) from orders.return where source = ${source}) as returns,
      (select coalesce(sum(total_minor), 0)::bigint from orders.return where source = ${source}) as returned,
      (select count(*) from platform.event where payload ->> 'source' = ${source}) as events,
      (select count(*) from catalog.product where source = ${source}) as products,
      (select count(*) from identity.customer where source = ${source}) as customers`.execute(db);
  return rows[0];
}

const INVENTED = {
  orders: 69,
  ordered: 2073492,
  lines: 273,
  returns: 5,
  returned: 599399,
  events: 74,
  products: 9,
  customers: 24,
};

describe('an import', () => {
  test('gives every row a fate, and all of it adds up to the file', async ({ db, databaseUrl }) => {
    const report = await run(databaseUrl, mappingAs('fates', 'FA-'));

    expect(report.fates.map(({ fate, rows, units, money }) => [fate, rows, units, money])).toEqual([
      ['goods', 251, 1193, '6,802.10'],
      ['postage', 13, 13, '257.69'],
      ['fee', 2, 2, '13,541.33'],
      ['voucher', 2, 2, '100.00'],
      ['adjustment', 5, 5, '33.80'],
      ['return of goods', 1, -2, '-9.90'],
      ['return of postage', 1, -1, '-18.00'],
      ['return of discount', 1, -1, '-27.50'],
      ['return of fee', 2, -2, '-5,928.64'],
      ['return of adjustment', 1, -1, '-9.95'],
      ['stock adjusted: no price and no customer', 2, 24, '0.00'],
      ['stock written off: a negative quantity without a credit note', 2, -15, '0.00'],
    ]);
    expect(report.total).toEqual({ rows: 283, units: 1217, money: '14,740.93' });
    expect([report.exact, report.rounding]).toEqual(['14,740.9320', '0.0020']);
    expect(report.notes).toEqual({ inParts: 1, withTimes: 1, withCustomers: 0, withRegions: 0 });
    expect(report.outcome).toBe('imported');
    expect(await ledger(db, 'fates')).toEqual(INVENTED);

    expect(readdirSync(report.folder).toSorted()).toEqual(['report.json', 'set-aside.csv']);
    expect(JSON.parse(readFileSync(join(report.folder, 'report.json'), 'utf8'))).toEqual(report);
    const [head, first] = readFileSync(join(report.folder, 'set-aside.csv'), 'utf8').split('\r\n');
    expect(head).toBe(
      'line,reason,InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    );
    expect(first).toBe(
      '273,stock written off: a negative quantity without a credit note,800008,10004,damaged,-12,2011-06-30 12:00:00,0.0,,United Kingdom',
    );
  });

  test('takes orders when and where they were placed, by whom, with lines as what they are', async ({
    db,
    databaseUrl,
  }) => {
    await run(databaseUrl, mappingAs('facts', 'FC-'));
    const order = async (ref: string) => {
      const { rows } = await sql`
        select number, region_code, placed_at, business_day, touchpoint, currency, goods_minor, postage_minor, other_minor,
          customer_id from orders.order where source = 'facts' and external_ref = ${ref}`.execute(db);
      return rows[0];
    };
    expect(await order('700003')).toMatchObject({
      number: 'FC-700003',
      region_code: 'DE',
      placed_at: new Date('2011-06-03T09:02:00Z'), // ten o'clock in a London summer
      business_day: '2011-06-03',
      touchpoint: 'web',
      currency: 'GBP',
      customer_id: idOf('facts:customer', '20002'),
    });
    const elsewhere = ['700002', '700004', '700005', '700006', '700007', '700008', '700010'].map(order);
    const regions = (await Promise.all(elsewhere)).map(
      (each) => (each as { region_code: string }).region_code,
    );
    expect(regions).toEqual([
      'IE',
      'US',
      'x-channel-islands',
      'x-unspecified',
      'x-european-community',
      'ZA',
      'CZ',
    ]);
    expect(await order('700005')).toMatchObject({ customer_id: null });
    expect(await order('700008')).toMatchObject({ placed_at: new Date('2011-10-08T14:07:00Z') }); // the first of its two
    expect(await order('A800013')).toMatchObject({
      goods_minor: 0,
      postage_minor: 0,
      other_minor: -1_106_206,
    });

    const { rows: lines } = await sql`
      select kind, title, quantity, amount_minor, order_id from orders.return_line l
      join orders.return r on r.id = l.return_id where source = 'facts' and external_ref = 'C800014' order by position`.execute(
      db,
    );
    expect(lines).toEqual([
      { kind: 'goods', title: 'Blue Enamel Jug', quantity: 2, amount_minor: 990, order_id: null },
      { kind: 'discount', title: 'Discount', quantity: 1, amount_minor: 2750, order_id: null },
    ]);
  });

  test('makes one product of a code, called what it is mostly called, at its most frequent price', async ({
    db,
    databaseUrl,
  }) => {
    await run(databaseUrl, mappingAs('products', 'PR-'));
    const { rows } = await sql`
      select p.external_ref as code, title, slug, sku, publication, amount_minor, currency
      from catalog.product p join catalog.variant v on v.product_id = p.id join catalog.offer o on o.variant_id = v.id
      where p.source = 'products' and p.external_ref in ('10003A', '10005') order by 1`.execute(db);
    const shared = { publication: 'draft', currency: 'GBP' }; // the shop of the tests sells in EUR
    expect(rows).toEqual([
      {
        ...shared,
        code: '10003A',
        title: 'Striped Tea Towel',
        slug: 'striped-tea-towel-pr-10003a',
        sku: 'PR-10003A',
        amount_minor: 210,
      },
      {
        ...shared,
        code: '10005',
        title: 'LED Lantern "Harbour"',
        slug: 'led-lantern-harbour-pr-10005',
        sku: 'PR-10005',
        amount_minor: 1675,
      },
    ]);
    await run(databaseUrl, {
      ...mappingAs('published', 'PU-'),
      products: { ...readMapping('online-retail').products, publish: 'always' },
    });
    const { rows: listed } = await sql`
      select count(*) as count from catalog.product_listing l join catalog.product p on p.id = l.product_id
      where p.source = 'published'`.execute(db);
    expect(listed).toEqual([{ count: 9 }]);
  });

  test('made twice changes nothing, and says so', async ({ db, databaseUrl }) => {
    const mapping = mappingAs('twice', 'TW-');
    const first = await run(databaseUrl, mapping);
    const second = await run(databaseUrl, mapping);
    expect([first.outcome, second.outcome]).toEqual(['imported', 'nothing to do']);
    expect(second.documents).toEqual({ ...first.documents, recorded: 74, alreadyHere: 0 });
    expect({ ...second.total, fates: second.fates }).toEqual({ ...first.total, fates: first.fates });
    expect(await ledger(db, 'twice')).toEqual(INVENTED);
  });

  test('of a longer export takes only what is new', async ({ db, databaseUrl }) => {
    const mapping = mappingAs('longer', 'LO-');
    await run(databaseUrl, mapping);
    const file = join(reportsDir, 'longer.csv');
    const more = '900001,10001,BLUE ENAMEL JUG,2,2011-07-01 09:00:00,4.95,20001.0,Germany\n';
    writeFileSync(file, readFileSync(FIXTURE, 'utf8') + more);
    const report = await run(databaseUrl, mapping, file);
    expect(report.documents).toEqual({ orders: 70, returns: 5, recorded: 1, alreadyHere: 74 });
    expect(await ledger(db, 'longer')).toEqual({
      ...INVENTED,
      orders: 70,
      ordered: INVENTED.ordered + 990,
      lines: 274,
      events: 75,
    });
  });
});

/** More than the batches that the importer has under way at once. */
const COPIES = 300;
const MANY = {
  ...Object.fromEntries(Object.entries(INVENTED).map(([name, n]) => [name, n * COPIES])),
  products: INVENTED.products,
  customers: INVENTED.customers,
};

/** The invented rows many times over, so that they are several batches. */
function manyRows(): string {
  const [head, ...rows] = readFileSync(FIXTURE, 'utf8').trimEnd().split('\n');
  const file = join(reportsDir, 'many.csv');
  const copies = Array.from({ length: COPIES }, (_, n) =>
    rows.map((row) => row.replace(/^([AC]?)(\d+)/, `$1${n}$2`)),
  );
  writeFileSync(file, `${[head, ...copies.flat()].join('\n')}\n`);
  return file;
}

test('that is cut off between two batches goes on, and ends as if it had not been', async ({
  db,
  databaseUrl,
}) => {
  const mapping = mappingAs('cut', 'CU-');
  const file = manyRows();
  const cutOff = {
    onWritten: (rows: number) => {
      if (rows > 0) throw new Error('cut off');
    },
  };
  await expect(run(databaseUrl, mapping, file, cutOff)).rejects.toThrow('cut off');
  const half = await ledger(db, 'cut');
  expect(half?.['lines']).toBeGreaterThan(0);
  expect(half?.['lines']).toBeLessThan(273 * COPIES);

  const report = await run(databaseUrl, mapping, file);
  expect(report.outcome).toBe('resumed');
  expect(report.documents).toMatchObject({ recorded: 74 * COPIES, alreadyHere: 0 });
  expect(await ledger(db, 'cut')).toEqual(MANY);
});

test('that another process makes at this moment is refused', async ({ databaseUrl }) => {
  const mapping = mappingAs('held', 'HE-');
  const { runId } = await run(databaseUrl, mapping);
  await using other = await openBulk(databaseUrl);
  expect(await other.run(({ tx }) => holdRun(tx, runId))).toBe(true);
  await expect(run(databaseUrl, mapping)).rejects.toMatchObject({
    data: { detail: 'another process is importing it at this moment' },
  });
});

/** Imports in a process of its own, which tells how many rows are written. */
const PROGRAM = `
  const [importFile, readMapping] = await Promise.all([
    import('#src/import-file.ts').then((module) => module.importFile),
    import('#src/mapping.ts').then((module) => module.readMapping),
  ]);
  const [databaseUrl, file, reportsDir] = process.argv.slice(1);
  const mapping = { ...readMapping('online-retail'), source: 'killed', prefix: 'KI-' };
  const watch = { onWritten: (rows) => process.stdout.write(rows + '\\n') };
  await importFile({ databaseUrl, file, mapping, reportsDir, now: new Date(), watch });
`.replaceAll('#src', pathToFileURL(import.meta.dirname).href);

test('whose process is killed goes on, and ends as if it had not been', async ({ db, databaseUrl }) => {
  const file = manyRows();
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM, databaseUrl, file, reportsDir],
    {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  child.stdout.on('data', (said: Buffer) => {
    if (/^[1-9]/m.test(said.toString())) child.kill('SIGKILL');
  });
  expect(await ended).toEqual([null, 'SIGKILL']);
  const half = await ledger(db, 'killed');
  expect(half?.['lines']).toBeGreaterThan(0);
  expect(half?.['lines']).toBeLessThan(273 * COPIES);
  const unfinished = () => readdirSync(reportsDir).filter((name) => name.startsWith('.unfinished'));
  expect(unfinished()).toHaveLength(1);

  const report = await run(databaseUrl, mappingAs('killed', 'KI-'), file);
  expect(report.outcome).toBe('resumed');
  expect(await ledger(db, 'killed')).toEqual(MANY);
  expect(unfinished()).toEqual([]);
});

describe('a file that is not as the mapping says is refused with its line, and nothing is written', () => {
  const HEAD = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
  const GOOD = '1,A1,JUG,2,2011-07-01 09:00:00,4.95,7.0,Germany';
  test.for([
    [
      'a wrong header',
      'No,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Land',
      1,
      'missing: InvoiceNo, Country; the file has the columns No, StockCode',
    ],
    ['a column twice', `${HEAD},Country`, 1, 'has the column Country twice'],
    ['a row too long', `${HEAD}\n${GOOD}\n${GOOD},x`, 3, 'has 9 fields where the header has 8'],
    ['a row too short', `${HEAD}\n${GOOD}\nx`, 3, 'has 1 field where the header has 8'],
    [
      'a price',
      `${HEAD}\n${GOOD.replace('4.95', '4,95').replace('4,95', '"4,95"')}`,
      2,
      'UnitPrice is "4,95", which is no amount',
    ],
    ['a price too fine', `${HEAD}\n${GOOD.replace('4.95', '4.12345')}`, 2, 'at most 4 decimals'],
    [
      'a quantity',
      `${HEAD}\n${GOOD.replace(',2,', ',2.5,')}`,
      2,
      'Quantity is "2.5", which is no whole number',
    ],
    [
      'a time',
      `${HEAD}\n${GOOD.replace('2011-07-01', '01.07.2011')}`,
      2,
      'InvoiceDate is "01.07.2011 09:00:00", which is no time of the form yyyy-MM-dd HH:mm:ss',
    ],
    [
      'a country',
      `${HEAD}\n${GOOD}\n${GOOD.replace('Germany', 'Ruritania')}`,
      3,
      'Country is "Ruritania", which is no country: add it to regions.names',
    ],
    ['no number', `${HEAD}\n${GOOD.replace('1,A1', ',A1')}`, 2, 'a row of an order needs its number'],
    [
      'a huge amount',
      `${HEAD}\n${GOOD.replace(',2,', ',2000000000,').replace('4.95', '99999999')}`,
      2,
      'more than can be counted exactly',
    ],
    ['only an empty line', '\n\n', undefined, 'it has no line of column names'],
  ] as const)('%s', async ([name, content, line, detail], { db, databaseUrl }) => {
    const source = `bad-${name.replaceAll(' ', '-')}`;
    const file = join(reportsDir, `${source}.csv`);
    writeFileSync(file, content);
    const folders = readdirSync(reportsDir).length;
    const refusal = await run(databaseUrl, mappingAs(source, 'BAD-'), file).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ data: { file, ...(line !== undefined && { line }) } });
    expect((refusal as { data: { detail: string } }).data.detail).toContain(detail);
    expect(Object.values((await ledger(db, source)) ?? {})).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(readdirSync(reportsDir)).toHaveLength(folders);
  });

  test('an unknown country can be set aside instead', async ({ databaseUrl }) => {
    const file = join(reportsDir, 'ruritania.csv');
    writeFileSync(file, `${HEAD}\n${GOOD}\n${GOOD.replace('Germany', 'Ruritania')}\n`);
    const mapping = mappingAs('ruritania', 'RU-');
    const report = await run(
      databaseUrl,
      { ...mapping, regions: { ...mapping.regions, unknown: 'set-aside' } },
      file,
    );
    expect(report.fates.map(({ fate, rows, money }) => [fate, rows, money])).toEqual([
      ['goods', 1, '9.90'],
      ['the country is not known', 1, '9.90'],
    ]);
  });

  test('a region that the market does not have', async ({ databaseUrl }) => {
    const file = join(reportsDir, 'moon.csv');
    writeFileSync(file, `${HEAD}\n${GOOD.replace('Germany', 'Moon')}\n`);
    const mapping = mappingAs('moon', 'MO-');
    const wrong = { ...mapping, regions: { ...mapping.regions, names: { Moon: 'x-moon' } } };
    await expect(run(databaseUrl, wrong, file)).rejects.toMatchObject({ code: 'imports.bad_mapping' });
  });
});

test.runIf(existsSync(WHOLE_FILE))(
  'takes the whole Online Retail file, to the penny',
  { timeout: 300_000 },
  async ({ databaseUrl }) => {
    const report = await run(databaseUrl, readMapping('online-retail'), WHOLE_FILE);
    expect(report.total).toEqual({ rows: 541_909, units: 5_176_450, money: '9,747,747.93' });
    expect([report.exact, report.rounding]).toEqual(['9,747,747.9340', '0.0040']);
    expect(report.fates.map(({ rows }) => rows)).toEqual([
      527_715, 2052, 14, 32, 333, 8703, 130, 77, 73, 305, 1139, 1336,
    ]);
    expect(report.documents).toEqual({ orders: 19_966, returns: 3836, recorded: 23_802, alreadyHere: 0 });
    expect(report.products.count).toBe(3811);
    expect(report.customers).toBe(4372);
    await using db = openDb(databaseUrl, { max: 1 });
    const { orders, ordered, lines, returned } = (await ledger(db, 'online-retail')) ?? {};
    expect({ orders, lines }).toEqual({ orders: 19_966, lines: 530_146 });
    expect((ordered ?? 0) - (returned ?? 0)).toBe(974_774_793);
  },
);
