import { deviation, mean } from 'd3-array';
import type { RanOut } from '../inventory/index.ts';
import { PACE_WEEKS } from './moves.ts';

/** In nineteen deliveries of twenty there is some left until the next one comes. */
const SAFE = 1.645;
/** Of fewer deliveries nobody knows by how much they vary. */
const LEADS_LEAST = 3;
const DAYS_IN_STOCK_LEAST = 14;
const DAYS_OUT_LEAST = 2;
export const SAFETY_DAYS = PACE_WEEKS * 7;

export interface SafetyLevel {
  variantId: string;
  locationId: string;
  countryCode: string;
  safety: number;
  level: number;
  daysOut: number;
  /** Sent on a day on which there was some, and by how much that varies. */
  perDay: number;
  perDayVaries: number;
  leadDays: number;
  leadDaysVary: number;
  deliveries: number;
  /** That were not sold, for want of any; and how many of them would be with the level. */
  lostUnits: number;
  savedUnits: number;
  savedDays: number;
}

/**
 * How many units to keep for what varies until the next delivery: z·√(L·σd² + d²·σL²), of what is sent a day (d) and of the days that a
 * delivery takes (L). Days without stock say nothing of demand and are left out. What is saved is as much as the normal loss of a
 * delivery shrinks from today's level to that.
 */
export function safetyLevels(places: readonly RanOut[]): SafetyLevel[] {
  return places.flatMap(({ days, leadDays, safety, ...place }) => {
    const stocked = days.filter(({ atFirst }) => atFirst > 0).map(({ shipped }) => shipped);
    const daysOut = days.length - stocked.length;
    if (stocked.length < DAYS_IN_STOCK_LEAST || daysOut < DAYS_OUT_LEAST || leadDays.length < LEADS_LEAST)
      return [];
    const [perDay, perDayVaries] = [mean(stocked) ?? 0, deviation(stocked) ?? 0];
    const [lead, leadVaries] = [mean(leadDays) ?? 0, deviation(leadDays) ?? 0];
    const varies = Math.sqrt(lead * perDayVaries ** 2 + perDay ** 2 * leadVaries ** 2);
    const level = Math.ceil(SAFE * varies);
    if (varies === 0 || level <= safety) return [];
    const share = 1 - loss(level / varies) / loss(safety / varies);
    const lost = perDay * daysOut;
    const savedUnits = Math.round(lost * share);
    if (savedUnits === 0) return [];
    return [
      {
        ...place,
        safety,
        level,
        daysOut,
        perDay: hundredths(perDay),
        perDayVaries: hundredths(perDayVaries),
        leadDays: hundredths(lead),
        leadDaysVary: hundredths(leadVaries),
        deliveries: leadDays.length,
        lostUnits: Math.round(lost),
        savedUnits,
        savedDays: Math.round(daysOut * share),
      },
    ];
  });
}

const hundredths = (value: number) => Math.round(value * 100) / 100;

/** Of a standard normal, what is expected beyond a point. */
export function loss(at: number): number {
  const density = Math.exp(-(at ** 2) / 2) / Math.sqrt(2 * Math.PI);
  return density - at * (1 - below(at));
}

/** Zelen & Severo's approximation, to seven places. */
function below(at: number): number {
  if (at < 0) return 1 - below(-at);
  const step = 1 / (1 + 0.2316419 * at);
  const sum = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429].reduceRight(
    (total, factor) => (total + factor) * step,
    0,
  );
  return 1 - (Math.exp(-(at ** 2) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
