import { expect, test } from 'vitest';
import { carriersAskedInYear, isReserveProposed } from './generated-supply.ts';

test('in a year without incident few carriers are asked for nothing, and one that is late four times as often is asked within weeks', () => {
  const quiet = [1, 2, 3].map((seed) => carriersAskedInYear(seed).length);
  const struck = [0, 1, 2, 3].map((carrier) => {
    const incident = { carrier, country: 4, from: 150, days: 42, times: 4 };
    const found = carriersAskedInYear(10 + carrier, [incident]).filter(
      ({ key, day }) => key === `C${carrier} L4` && day >= 150 && day < 192,
    );
    return found[0]?.day;
  });
  expect({ quiet, struck }).toEqual({ quiet: [1, 1, 7], struck: [167, 161, 175, 158] });
});

test('a place with no reserve is proposed one within a year, and few with a reserve that lasts', () => {
  const seeds = Array.from({ length: 100 }, (_, seed) => seed + 1);
  const proposed = (deviations: number) => seeds.filter((seed) => isReserveProposed(seed, deviations)).length;
  // A reserve that lasts in nineteen deliveries of twenty does not in the twentieth, and a year has seventeen.
  expect([proposed(0), proposed(1.645), proposed(2.5)]).toEqual([100, 27, 1]);
});
