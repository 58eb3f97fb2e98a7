import { addDays } from '#platform/days.ts';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { setServeRate, setTerritory } from '../modules/market/index.ts';
import { setFeeRate } from '../modules/payments/index.ts';
import { demoFee, demoServing } from './costs.ts';
import { DEMO_LOCATIONS } from './stores.ts';

/** Longer ago than the year of orders. */
const DAYS_BEFORE = 400;

/** Each country's stores with their floor space in square metres. All other countries are nobody's. */
const HOLDERS: Record<string, Record<string, number>> = {
  NL: { amsterdam: 240 },
  BE: { antwerp: 180 },
  LU: { antwerp: 180 },
  DE: { cologne: 210 },
  AT: { cologne: 210 },
  FR: { lyon: 160 },
  ES: { lyon: 160 },
  // Nobody is nearest everywhere: they share it by size and distance.
  CH: { cologne: 210, lyon: 160 },
  GB: { amsterdam: 240, antwerp: 180 },
};

/** The demo's stores have territories from before its first order, and all its locations know what serving costs, and payments what they do. */
export async function demoTerritories(tx: Tx, until: string, currency: string): Promise<void> {
  const at = new Date(`${until}T00:00:00Z`);
  for (const [regionCode, holders] of Object.entries(HOLDERS)) {
    const stores = DEMO_LOCATIONS.filter(({ code }) => holders[code] !== undefined).map((place) => ({
      locationId: place.id,
      attractiveness: holders[place.code] ?? 1,
      position: { latitude: place.latitude, longitude: place.longitude },
    }));
    const id = idOf('demo:territory', regionCode);
    const startsOn = addDays(until, -DAYS_BEFORE);
    await setTerritory(tx, { id, regionCode, startsOn, stores, note: '', setBy: null }, at);
  }
  const startsOn = addDays(until, -DAYS_BEFORE);
  const rate = demoServing(currency);
  for (const { id: locationId } of DEMO_LOCATIONS) {
    await setServeRate(tx, { locationId, startsOn, ...rate }, at);
  }
  await setFeeRate(tx, 'system', { provider: 'test', startsOn, ...demoFee(currency) }, at);
}
