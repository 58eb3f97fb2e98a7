import { expect, test } from 'vitest';
import { addressOf, queryOf, readFilters, without } from './filters.ts';

test('an address is read, and written the same', () => {
  const address = '/c/vases?f-colour=Sage&f-colour=Sand&min=20&max=99.5&stock=yes&sort=-price';
  const query = { 'f-colour': ['Sage', 'Sand'], min: '20', max: '99.5', stock: 'yes', sort: '-price' };

  const filters = readFilters(query);

  expect(addressOf('/c/vases', filters)).toBe(address);
  expect(queryOf(filters, 2)).toEqual({
    facets: { colour: ['Sage', 'Sand'] },
    priceMinMinor: 2000,
    priceMaxMinor: 9950,
    inStock: true,
    sort: '-price',
  });
  expect(without(filters.facets, 'colour', 'Sage')).toEqual({ colour: ['Sand'] });
  expect(without({ colour: ['Sage'] }, 'colour', 'Sage')).toEqual({});
});

test('what makes no sense is left out', () => {
  const filters = readFilters({
    utm_source: 'letter',
    'f-': 'nothing',
    'f-Up per': 'x',
    'f-size': '',
    min: '-4',
    max: 'many',
    sort: 'best',
    q: ['two', 'three'],
  });

  expect(addressOf('/search', filters)).toBe('/search?q=two');
});
