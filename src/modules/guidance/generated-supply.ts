import { seeded } from '#platform/seeded.ts';
import type { CarrierDelays } from '../fulfilment/index.ts';
import { normal, poisson } from './generated-market.ts';
import { SAFETY_DAYS, safetyLevels } from './safety-levels.ts';
import { slowCarriers } from './slow-carriers.ts';

const YEAR = 365;
const CARRIER_DAYS = 28;
const REST_DAYS = 28;
const CARRIERS = [0.03, 0.04, 0.05, 0.06];
const COUNTRIES = [4, 6, 10, 15, 25];

/** A carrier that comes late so many times as often in one country for so many days. */
export interface CarrierIncident {
  carrier: number;
  country: number;
  from: number;
  days: number;
  times: number;
}

/** What is proposed of carriers in a generated year, night by night, each once in four weeks: subject and day. */
export function carriersAskedInYear(
  seed: number,
  incidents: readonly CarrierIncident[] = [],
): { key: string; day: number }[] {
  const days = sentDaily(seed, incidents);
  const asked: { key: string; day: number }[] = [];
  for (let day = CARRIER_DAYS; day < YEAR + CARRIER_DAYS; day++) {
    const cells = new Map<string, CarrierDelays>();
    for (const each of days.slice(day - CARRIER_DAYS, day).flat()) {
      const key = `${each.carrier} ${each.countryCode}`;
      const { due, late } = cells.get(key) ?? { due: 0, late: 0 };
      cells.set(key, { ...each, due: due + each.due, late: late + each.late });
    }
    for (const { carrier, countryCode } of slowCarriers([...cells.values()])) {
      const key = `${carrier} ${countryCode}`;
      if (!asked.some((each) => each.key === key && each.day > day - REST_DAYS)) asked.push({ key, day });
    }
  }
  return asked;
}

/** Four carriers in five countries: weather that lasts for days strikes all in a country, and late ones come in heaps. */
export function sentDaily(seed: number, incidents: readonly CarrierIncident[]): CarrierDelays[][] {
  const random = seeded(seed);
  const weather = COUNTRIES.map(() => 0);
  return Array.from({ length: YEAR + CARRIER_DAYS }, (_, day) =>
    COUNTRIES.flatMap((perDay, country) => {
      weather[country] = 0.8 * (weather[country] ?? 0) + 0.3 * normal(random);
      return CARRIERS.map((share, carrier) => {
        const struck = incidents
          .filter((each) => each.carrier === carrier && each.country === country)
          .filter(({ from, days }) => day >= from && day < from + days)
          .reduce((times, each) => times * each.times, 1);
        const own = 0.4 * normal(random);
        const late = Math.min(0.9, share * struck * Math.exp((weather[country] ?? 0) + own));
        const due = poisson(random, perDay);
        const came = Array.from({ length: due }, () => random() < late).filter(Boolean).length;
        return { carrier: `C${carrier}`, countryCode: `L${country}`, due, late: came };
      });
    }),
  );
}

/**
 * A year of one place that orders as soon as what it has and expects falls to what a delivery's days usually take, and so many
 * deviations more. Each week the last thirteen are looked at: whether a reserve was proposed in that year.
 */
export function isReserveProposed(seed: number, deviations: number): boolean {
  const random = seeded(seed);
  const pace = 1 + 4 * random();
  const demand = () => poisson(random, pace * (random() < 0.3 ? 2 : 0.571));
  const lead = () => Math.max(1, Math.round(10 + 3 * normal(random)));
  // What is sent a day varies by itself and from busy to quiet days: 0.7 · 0.571² + 0.3 · 2² − 1 = 0.428 of the pace squared.
  const varies = Math.sqrt(10 * (pace + 0.428 * pace ** 2) + pace ** 2 * 9);
  const safety = Math.ceil(deviations * varies);
  const [orderAt, ordered] = [Math.round(10 * pace) + safety, Math.round(21 * pace)];
  const leadDays: number[] = [];
  const days: { atFirst: number; shipped: number }[] = [];
  let coming: { day: number; units: number }[] = [];
  let stock = orderAt + ordered;
  for (let day = 0; day < YEAR + SAFETY_DAYS; day++) {
    stock += coming.filter((each) => each.day === day).reduce((sum, { units }) => sum + units, 0);
    coming = coming.filter((each) => each.day > day);
    const shipped = Math.min(stock, demand());
    days.push({ atFirst: stock, shipped });
    stock -= shipped;
    if (stock + coming.reduce((sum, { units }) => sum + units, 0) <= orderAt) {
      const takes = lead();
      leadDays.push(takes);
      coming.push({ day: day + takes, units: ordered });
    }
    if (day < SAFETY_DAYS || day % 7 > 0) continue;
    const place = { variantId: 'v', locationId: 'l', countryCode: 'NL', safety };
    const seen = { ...place, days: days.slice(-SAFETY_DAYS), leadDays: leadDays.slice(-26) };
    if (safetyLevels([seen]).length > 0) return true;
  }
  return false;
}
