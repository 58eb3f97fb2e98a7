import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readMapping } from './mapping.ts';
import { rowReader } from './rows.ts';

const dir = mkdtempSync(join(tmpdir(), 'stoa-mappings-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const SMALLEST = {
  source: 'my-shop',
  prefix: 'MS-',
  currency: 'EUR',
  columns: {
    document: 'Nr',
    code: 'Artikel',
    time: 'Datum',
    unitPrice: 'Preis',
    quantity: 'Menge',
    region: 'Land',
  },
  dates: { format: 'dd.MM.yyyy', timeZone: 'Europe/Berlin' },
};

let made = 0;
function aMapping(content: unknown): string {
  const path = join(dir, `${(made += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function refusalOf(content: unknown): string {
  try {
    readMapping(aMapping(content));
  } catch (error) {
    return (error as { data: { detail: string } }).data.detail;
  }
  throw new Error('it was not refused');
}

describe('a mapping', () => {
  test('may leave out all that has a default', () => {
    const mapping = readMapping(aMapping(SMALLEST));
    expect(mapping.file).toEqual({ delimiter: ',', quote: '"', encoding: 'utf-8' });
    expect(mapping.regions).toEqual({ names: {}, unknown: 'refuse' });
    expect(mapping.products).toEqual({
      publish: 'where-sold',
      titleCase: false,
      keepWritten: [],
      remarks: [],
    });
    expect([mapping.touchpoint, mapping.kinds, mapping.returns, mapping.setAside]).toEqual([
      'web',
      [],
      [],
      [],
    ]);
  });

  test.for([
    ['{ "source": ', 'it is no JSON'],
    [{ ...SMALLEST, colour: 'red' }, 'the mapping must not have additional properties (colour)'],
    [{ ...SMALLEST, source: 'My Shop' }, 'source must match pattern'],
    [
      { ...SMALLEST, columns: { document: 'Nr', region: 'Land' } },
      'columns must name a column for code, time, unitPrice',
    ],
    [
      { ...SMALLEST, columns: { ...SMALLEST.columns, region: undefined } },
      'columns or defaults must say the region',
    ],
    [{ ...SMALLEST, file: { delimiter: '#' } }, 'file.delimiter must be equal to one of the allowed values'],
    [{ ...SMALLEST, dates: { format: 'dd.MMM.yyyy', timeZone: 'Europe/Berlin' } }, 'dates.format has "MMM"'],
    [
      { ...SMALLEST, dates: { format: 'dd.MM.yyyy', timeZone: 'Middle/Earth' } },
      'dates.timeZone is no IANA time zone: Middle/Earth',
    ],
    [{ ...SMALLEST, numbers: { decimal: '.', group: '.' } }, 'are the same character'],
    [
      { ...SMALLEST, kinds: [{ kind: 'postage', when: [{ field: 'code' }] }] },
      'kinds.0.when.0 must not have fewer than 2 properties',
    ],
    [
      { ...SMALLEST, kinds: [{ kind: 'postage', when: [{ field: 'code', lt: 3 }] }] },
      'a condition does not fit its field',
    ],
    [
      { ...SMALLEST, returns: [{ when: [{ field: 'code', matches: '(' }] }] },
      'this is no regular expression: (',
    ],
    [{ ...SMALLEST, regions: { names: { Moon: 'the moon' } } }, 'regions.names.Moon must match pattern'],
  ] as const)('%j is refused: %s', ([content, detail]) => expect(refusalOf(content)).toContain(detail));

  test('that is nowhere', () => {
    expect(() => readMapping('no-such')).toThrow(expect.objectContaining({ code: 'imports.bad_mapping' }));
  });
});

describe('rows under a mapping', () => {
  const mapping = readMapping(
    aMapping({
      ...SMALLEST,
      columns: { ...SMALLEST.columns, discount: 'Rabatt', customer: 'Kunde', unitCost: 'Einkauf' },
      defaults: { region: 'Deutschland', quantity: '1' },
      clean: { customer: { remove: '^K-' }, code: { case: 'lower' } },
      numbers: { decimal: ',', group: '.' },
      returns: [{ when: [{ field: 'document', matches: '^G' }] }, { when: [{ field: 'quantity', lt: 0 }] }],
      setAside: [{ reason: 'a total', when: [{ field: 'document', in: ['Summe', 'Zwischensumme'] }] }],
      kinds: [
        {
          kind: 'fee',
          when: [
            { field: 'unitPrice', gt: 1000 },
            { field: 'code', in: ['geb'] },
          ],
        },
        { kind: 'voucher', when: [{ field: 'customer', empty: true }] },
      ],
      regions: { names: { Deutschland: 'DE' } },
    }),
  );
  const header = ['Nr', 'Artikel', 'Datum', 'Preis', 'Menge', 'Land', 'Rabatt', 'Kunde', 'Einkauf'];
  const read = rowReader('sales.csv', mapping, header);
  const row = (...fields: string[]) => read(fields.length < header.length ? [...fields, ''] : fields, 2);

  test('become lines, with their fields cleaned, defaults filled in and numbers as they are written', () => {
    expect(row('7', ' A1', '05.07.2024', '1.234,565', '3', '', '10,00', 'K-9')).toEqual({
      isTaken: true,
      isReturn: false,
      kind: 'goods',
      document: '7',
      code: 'a1',
      title: '',
      quantity: 3,
      unitPriceMinor: 123_456, // half to even
      costMinor: undefined,
      netMinor: 369_370, // 3703.695 − 10.00 = 3693.695, half to even
      exact: 36_936_950,
      time: { at: Date.UTC(2024, 6, 4, 22), day: '2024-07-05' },
      customer: '9',
      region: 'DE',
    });
  });

  test('may say what a unit cost, and nothing else is taken for that', () => {
    const sold = (cost: string) => row('7', 'A1', '05.07.2024', '10,00', '3', '', '', 'K-9', cost);
    expect(sold('4,1665')).toMatchObject({ costMinor: 1250 }); // 12.4995
    expect(sold('0')).toMatchObject({ costMinor: 0 });
    expect(sold('')).toMatchObject({ costMinor: undefined });
    const refused = (cost: string) => {
      try {
        return sold(cost);
      } catch (error) {
        return (error as { data: { detail: string } }).data.detail;
      }
    };
    expect(refused('-1')).toBe('Einkauf is "-1", which is no cost of a unit');
    expect(refused('x')).toBe('Einkauf is "x", which is no amount with "," and at most 4 decimals');
  });

  test.for([
    [
      ['G1', 'x', '05.07.2024', '2,00', '1', 'AT', '', 'K-1'],
      { isReturn: true, kind: 'goods', netMinor: 200, region: 'AT' },
    ],
    [
      ['8', 'x', '05.07.2024', '2,00', '-1', 'aut', '', 'K-1'],
      { isReturn: true, netMinor: -200, region: 'AT' },
    ],
    [
      ['8', 'GEB', '05.07.2024', '1.000,01', '', 'Austria', '', ''],
      { kind: 'fee', quantity: 1, region: 'AT' },
    ],
    [['8', 'GEB', '05.07.2024', '1.000,00', '', 'Austria', '', ''], { kind: 'voucher', isReturn: false }],
    [
      ['Summe', '', '', 'x', '', 'nowhere', '', ''],
      { isTaken: false, reason: 'a total', netMinor: 0, quantity: 1 },
    ],
  ] as const)('%j', ([fields, expected]) => expect(row(...fields)).toMatchObject(expected));
});
