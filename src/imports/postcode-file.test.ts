import { expect, test } from 'vitest';
import { postcodesIn } from './postcode-file.ts';

const read = (text: string) => postcodesIn('places', Buffer.from(text));
const village = (postcode: string, name: string, latitude: string, longitude: string) =>
  ['NL', postcode, name, 'Zuid-Holland', '11', '', '', '', '', latitude, longitude, '6'].join('\t');

test('a postal code file of GeoNames is read as it is published, a quote in a name included', () => {
  const lines = [
    village('2611', 'Delft', '52.01', '4.35'),
    village('2611', '"t Hof', '52.03', '4.37'),
    village('2612', 'Delft "Oost', '52.0', '4.36'),
  ];
  expect(read(`${lines.join('\n')}\n`)).toEqual([
    {
      countryCode: 'NL',
      postcode: '2611',
      latitude: expect.closeTo(52.02, 9),
      longitude: expect.closeTo(4.36, 9),
    },
    { countryCode: 'NL', postcode: '2612', latitude: 52, longitude: 4.36 },
  ]);
});

test.for([',', ';', '\t'])('a sheet names its columns, in any order and among others, by %o', (delimiter) => {
  const rows = [
    ['Longitude', 'note', 'Latitude', 'country', 'Postcode'],
    ['4.35', 'a "place"', '52.01', 'nl', '2611 AB'],
  ];
  const text = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(delimiter));
  expect(read(`\uFEFF${text.join('\r\n')}`)).toEqual([
    { countryCode: 'NL', postcode: '2611AB', latitude: 52.01, longitude: 4.35 },
  ]);
});

test.for([
  ['country,postcode,latitude\nNL,2611,52', 1, 'there is no column longitude'],
  ['country,postcode,latitude,longitude\nNL,2611,52,4\nNL,26/11,52,4', 3, '“26/11” is no postcode'],
  [
    'country,postcode,latitude,longitude\nNL,2611,52;1,4',
    2,
    'latitude and longitude are degrees: 52.37 and 4.90',
  ],
  [
    'country,postcode,latitude,longitude\nNL,2611,91,4',
    2,
    'latitude and longitude are degrees: 52.37 and 4.90',
  ],
  ['country,postcode,latitude,longitude\nQQ,2611,52,4', 2, 'there is no country “QQ”'],
] as const)('%o is refused on line %i', ([text, line, detail]) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ code: 'imports.bad_line', data: { file: 'places', line, detail } }),
  );
});

test.for([
  ['', 'it is empty'],
  ['country,postcode,latitude,longitude\n', 'it has no postcodes'],
])('%o is refused as a whole: %s', ([text = '', detail]) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ code: 'imports.bad_file', data: { file: 'places', detail } }),
  );
});
