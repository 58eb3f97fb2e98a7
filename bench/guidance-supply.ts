import {
  carriersAskedInYear,
  isReserveProposed,
  sentDaily,
} from '../src/modules/guidance/generated-supply.ts';
import { delayEffect } from '../src/modules/guidance/delay-effect.ts';
import { shiftDay } from '../src/modules/insight/index.ts';
import { atLeast, atMost, type Result } from './result.ts';

const YEARS = Array.from({ length: 20 }, (_, index) => 501 + index);
const PLACES = Array.from({ length: 500 }, (_, index) => 601 + index);
const FIRST = '2025-01-01';
const SINCE = 200;
const [CARRIERS, COUNTRIES] = [4, 5];

/** How often carriers are asked and reserves raised where nothing is the matter, how often where something is, and what effects are worth. */
export function guidanceOfSupply(): Result[] {
  const perYear = YEARS.reduce((sum, seed) => sum + carriersAskedInYear(seed).length, 0) / YEARS.length;
  const recall = (times: number) => {
    const found = YEARS.filter((seed) => {
      const [carrier, country] = [seed % CARRIERS, 2 + (seed % 3)];
      const incident = { carrier, country, from: 150, days: 42, times };
      return carriersAskedInYear(seed + 100, [incident]).some(
        ({ key, day }) => key === `C${carrier} L${country}` && day >= 150 && day < 192,
      );
    });
    return found.length / YEARS.length;
  };
  const proposed = (deviations: number) =>
    PLACES.filter((seed) => isReserveProposed(seed, deviations)).length / PLACES.length;
  return [
    atMost(
      'carriers asked for nothing, of 20 carriers by country, in a year without incident',
      perYear,
      4,
      '',
    ),
    atLeast('recall of a carrier that is late four times as often for six weeks', recall(4), 0.9, ''),
    atLeast('recall of one that is late three times as often', recall(3), 0.6, ''),
    atMost('places that keep 2.5 deviations and are proposed more, in a year', proposed(2.5), 0.05, ''),
    atMost('places that keep 1.645 deviations and are proposed more, in a year', proposed(1.645), 0.35, ''),
    atLeast('places that keep none and are proposed a reserve, in a year', proposed(0), 0.95, ''),
    atMost('effects of a carrier where nothing happened, called hardly chance', foundEffects(1), 0.15, ''),
    atLeast('the same where its late ones fell by half', foundEffects(0.5), 0.5, ''),
  ];
}

/** Of carriers by country with ten shipments a day or more, the share whose effect is at one in ten or less. */
function foundEffects(times: number): number {
  let found = 0;
  let measured = 0;
  for (const seed of YEARS) {
    for (let carrier = 0; carrier < CARRIERS; carrier++) {
      const country = 2 + ((seed + carrier) % (COUNTRIES - 2));
      const incident = { carrier, country, from: SINCE + 1, days: 28, times };
      const days = sentDaily(seed, times === 1 ? [] : [incident]).flatMap((cells, day) =>
        cells
          .filter(({ countryCode }) => countryCode === `L${country}`)
          .map(({ carrier: key, due, late }) => ({ key, due, late, day: shiftDay(FIRST, day) })),
      );
      const keys = new Set(days.map(({ key }) => key));
      const since = shiftDay(FIRST, SINCE);
      const thing = {
        metric: 'late_shipments' as const,
        beside: 'carriers' as const,
        since,
        knownTo: shiftDay(since, 28),
        expectedFewer: 0,
      };
      const effect = delayEffect(thing, days, `C${carrier}`, [{ way: 'comparison', keys, least: 1 }]);
      if (effect.state !== 'measured') continue;
      measured += 1;
      found += effect.chance <= 0.1 ? 1 : 0;
    }
  }
  process.stdout.write(`  effects measured: ${measured}\n`);
  return found / measured;
}
