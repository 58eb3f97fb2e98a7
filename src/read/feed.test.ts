import { expect, test } from 'vitest';
import { varied } from './feed.ts';

test('what is of one kind gives way to others behind it', () => {
  const of = (kind: 'pin' | 'look', count: number) =>
    Array.from({ length: count }, () => ({ ownerId: null, brandId: null, kind }));
  const kinds = varied([...of('pin', 9), ...of('look', 3)]).map(({ kind }) => kind);
  expect(kinds.join(' ')).toBe('pin pin pin pin look look pin pin pin pin look pin');
});

test('no more than two of a person or a brand stand among six, as long as there are others', () => {
  const of = (ownerId: string, count: number) =>
    Array.from({ length: count }, (_, nth) => ({ ownerId, brandId: null, kind: 'pin' as const, nth }));
  const mixed = varied([...of('ada', 6), ...of('bo', 4), ...of('cleo', 4), ...of('dan', 4)]);
  expect(mixed).toHaveLength(18);
  for (let from = 0; from + 6 <= 12; from++) {
    const among = mixed.slice(from, from + 6).map(({ ownerId }) => ownerId);
    for (const owner of new Set(among)) expect(among.filter((each) => each === owner).length).toBeLessThan(3);
  }
  expect(mixed.slice(0, 3).map(({ ownerId }) => ownerId)).toEqual(['ada', 'ada', 'bo']);
});
