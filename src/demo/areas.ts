import type { Tx } from '#platform/db.ts';
import { addArea } from '../modules/market/index.ts';

interface DemoArea {
  code: string;
  name: string;
  postcodes: string[];
  /** Where those who live there are taken to be. */
  middle: [latitude: number, longitude: number];
  /** How much of its country's orders goes there. */
  weight: number;
}

/** Where the demo sells most, by postcodes. What lies in none of them counts for the country alone. */
const AREAS: Record<string, DemoArea[]> = {
  NL: [
    area('NL-amsterdam', 'Amsterdam', ['1000-1109'], [52.37, 4.9], 26),
    area('NL-north-holland', 'North Holland', ['1110-2199'], [52.62, 4.78], 11),
    area('NL-the-hague', 'The Hague and Leiden', ['2200-2799'], [52.1, 4.38], 13),
    area('NL-rotterdam', 'Rotterdam', ['2800-3399'], [51.88, 4.52], 14),
    area('NL-utrecht', 'Utrecht', ['3400-3999'], [52.09, 5.17], 11),
    area('NL-zeeland', 'Zeeland', ['4300-4599'], [51.48, 3.85], 2),
    area('NL-brabant', 'Brabant', ['4600-5799'], [51.57, 5.1], 8),
    area('NL-limburg', 'Limburg', ['5800-6499'], [51.2, 5.98], 3),
    area('NL-gelderland', 'Gelderland', ['6500-7399'], [52.02, 5.95], 5),
    area('NL-twente', 'Twente', ['7400-8199'], [52.38, 6.6], 2),
    area('NL-friesland', 'Friesland', ['8400-9299'], [53.1, 5.8], 1),
    area('NL-groningen', 'Groningen', ['9300-9999'], [53.15, 6.6], 2),
  ],
  DE: [
    area('DE-saxony', 'Saxony', ['0'], [51.2, 12.9], 6),
    area('DE-berlin', 'Berlin', ['1'], [52.6, 13.3], 15),
    area('DE-hamburg', 'Hamburg and the coast', ['2'], [53.65, 9.8], 12),
    area('DE-hanover', 'Hanover', ['3'], [51.9, 9.7], 7),
    area('DE-ruhr', 'Düsseldorf and the Ruhr', ['4'], [51.6, 7.2], 18),
    area('DE-cologne', 'Cologne and Bonn', ['5'], [50.6, 7.1], 20),
    area('DE-frankfurt', 'Frankfurt', ['6'], [49.9, 8.4], 9),
    area('DE-stuttgart', 'Stuttgart', ['7'], [48.5, 8.9], 6),
    area('DE-munich', 'Munich', ['8'], [48.1, 11.5], 8),
    area('DE-nuremberg', 'Nuremberg', ['9'], [49.8, 11.0], 3),
  ],
};

function area(
  code: string,
  name: string,
  postcodes: string[],
  middle: [number, number],
  weight: number,
): DemoArea {
  return { code, name, postcodes, middle, weight };
}

/** The demo's larger countries are divided, so that its map goes deeper than a country. */
export async function demoAreas(tx: Tx): Promise<void> {
  for (const [parentCode, areas] of Object.entries(AREAS)) {
    for (const { code, name, postcodes, middle } of areas) {
      const [latitude, longitude] = middle;
      const plan = { by: 'postcodes' as const, postcodes, middle: { latitude, longitude } };
      await addArea(tx, { code, parentCode, name, plan });
    }
  }
}

/** So that following numbers fall far from each other, and many of them evenly. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** What is in no area. */
const ELSEWHERE = 2;

/** The area that an order to a country went to, by its number: the same on every machine. */
export function areaOf(countryCode: string, sequence: number): string {
  const areas = AREAS[countryCode];
  if (!areas) return countryCode;
  const all = areas.reduce((sum, { weight }) => sum + weight, ELSEWHERE);
  let left = ((sequence * GOLDEN) % 1) * all;
  return areas.find(({ weight }) => (left -= weight) < 0)?.code ?? countryCode;
}
