import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import type { Db } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { aSignedInBrowser, aUpload, fieldOf } from '../factory.ts';

const test = base.extend('keeper', { scope: 'file' }, async ({ app, deps }) => {
  const { jar } = await aSignedInBrowser(app, deps, ['operations']);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return (path: string, fields: Record<string, string>, file?: string | Buffer) =>
    aUpload(app, { path: `/desk/stock/${path}`, fields, cookie }, file);
});

async function aShelf(db: Db) {
  const location = `shelf-${randomUUID()}`;
  const locationId = await aLocation(db, { code: location });
  const skus = await Promise.all([aVariant(db), aVariant(db)]);
  const [one, two] = skus.toSorted();
  if (!one || !two) throw new Error('no variants');
  return { location, locationId, one, two };
}

const levelsAt = async (db: Db, locationId: string) =>
  (
    await db
      .withTables<{
        'inventory.stock_level': {
          variant_id: string;
          location_id: string;
          on_hand: number;
          value_minor: number;
        };
      }>()
      .selectFrom('inventory.stock_level')
      .select(['variant_id', 'on_hand', 'value_minor'])
      .where('location_id', '=', locationId)
      .orderBy('variant_id')
      .execute()
  ).map((level) => Object.values(level));

/** The wrong lines that a page tells. */
const toldOf = (html: string) =>
  [...html.matchAll(/<li>(Line .*?)<\/li>/g)].map(([, text = '']) => text.replaceAll('&quot;', '"'));

test('a count from a file is booked once under its name', async ({ db, keeper }) => {
  const { location, locationId, one, two } = await aShelf(db);
  const file = `\uFEFFNote;Quantity;SKU\r\nleft;7;${one}\r\n;;\r\n"right";0;${two}\r\n`;
  const form = { name: 'Back room', location };
  const first = await keeper('count', form, file);
  expect([first.statusCode, first.headers.location]).toEqual([303, '/desk/stock/count']);
  expect((await keeper('count', form, file)).statusCode).toBe(303);
  const levels = [
    [one, 7, 0],
    [two, 0, 0],
  ];
  expect(await levelsAt(db, locationId)).toEqual(levels);

  const other = await keeper('count', form, file.replace('7', '8'));
  expect(other.statusCode).toBe(409);
  expect(other.body).toContain('A count of that name was booked here with other lines');
  expect(fieldOf(other.body, 'name')).toBe('Back room');
  expect(await levelsAt(db, locationId)).toEqual(levels);
});

test('a delivery from a file is taken in at its landed cost, once', async ({ db, keeper }) => {
  const { location, locationId, one, two } = await aShelf(db);
  const file = `sku,quantity,unit cost\n${one},10,2.00\n${two},5,"4,00"\n`;
  const form = { name: 'DN-17', location, freight: '4', duty: '0.01' };
  for (let n = 0; n < 2; n++) expect((await keeper('delivery', form, file)).statusCode).toBe(303);
  // 4.01 over lines of 20 each; the odd penny goes to the first.
  expect(await levelsAt(db, locationId)).toEqual([
    [one, 10, 2201],
    [two, 5, 2200],
  ]);
  const dearer = await keeper('delivery', { ...form, freight: '5' }, file);
  expect([dearer.statusCode, fieldOf(dearer.body, 'freight')]).toEqual([409, '5']);
});

test('every wrong line is told with its number, and nothing is booked', async ({ db, keeper }) => {
  const { location, locationId, one, two } = await aShelf(db);
  const lines = [
    'sku,quantity,unit_cost',
    `${one},5,1.00`,
    `${two},0,1.00`,
    `,1,1.00`,
    `${one},1,1.00`,
    `=cmd|x,1,1.00`,
    `${two},1.5,free`,
  ];
  const answer = await keeper('delivery', { name: 'DN-18', location }, lines.join('\n'));
  expect(answer.statusCode).toBe(422);
  expect(answer.body).toContain('5 lines are wrong');
  expect(toldOf(answer.body)).toEqual([
    'Line 3: The quantity is no whole number of 1 or more.',
    'Line 4: The SKU is missing.',
    `Line 5: The SKU “${one}” is on line 2 already.`,
    'Line 6: No product has the SKU “=cmd|x”.',
    `Line 7: The SKU “${two}” is on line 3 already. The quantity is no whole number of 1 or more. The unit cost is no amount in EUR, such as 12.50.`,
  ]);
  expect(await levelsAt(db, locationId)).toEqual([]);

  const many = ['sku,quantity', ...Array.from({ length: 60 }, () => 'none,1')].join('\n');
  const told = await keeper('count', { name: 'many', location }, many);
  expect(toldOf(told.body)).toHaveLength(50);
  expect(told.body).toContain('And 10 more lines.');
});

test('what is no such file is refused with what to do', async ({ db, keeper }) => {
  const { location, locationId, one } = await aShelf(db);
  const form = { name: 'x', location };
  const wrong: [string | Buffer | undefined, string, object?][] = [
    [undefined, 'Choose a CSV file'],
    ['', 'it is empty'],
    ['sku,quantity\n', 'There is no line with a SKU'],
    [`${one},5\n`, 'The first line must name the columns: sku, quantity'],
    [Buffer.from('504b0304ff', 'hex'), 'export the sheet as CSV'],
    [Buffer.from('sku,quantity\n\xe9,1\n', 'latin1'), 'is not valid UTF-8'],
    [`sku,quantity\n"${one},1\n`, 'opens a quote that is never closed'],
    [`sku,quantity\n${'x,1\n'.repeat(5_001)}`, 'These are more than 5000 lines'],
    [`sku,quantity\n${'x'.repeat(512 * 1024)}`, 'The file is larger than 512 kB'],
    [`sku,quantity\n${one},5`, 'Give the count a name', { name: ' ' }],
    [`sku,quantity\n${one},5`, 'Choose a location', { location: 'nowhere' }],
  ];
  for (const [file, text, change] of wrong) {
    const answer = await keeper('count', { ...form, ...change }, file);
    expect([answer.statusCode, answer.body.includes(text)], text).toEqual([422, true]);
  }
  const negative = await keeper('delivery', { ...form, duty: '-1' }, `sku,quantity,unit_cost\n${one},5,1`);
  expect([negative.statusCode, fieldOf(negative.body, 'duty')]).toEqual([422, '-1']);
  expect(await levelsAt(db, locationId)).toEqual([]);
});
