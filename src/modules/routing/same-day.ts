import type { Db } from '#platform/db.ts';
import type { WantedLine } from './broker.ts';
import { freeFor, type Route, routeOver, triedOn } from './route.ts';
import { sendersAt } from './senders.ts';

/**
 * The route of an order that is brought today: from one store that has all of it, can still send it today, and is within
 * the distance that the rules say. Undefined where there is none. Whoever asks knows that the region says where the buyer
 * is.
 */
export async function sameDayRoute(
  db: Db,
  lines: readonly WantedLine[],
  regionCode: string,
  at: Date,
  { without = new Set(), unitId }: { without?: ReadonlySet<string>; unitId?: string | undefined } = {},
): Promise<Route | undefined> {
  const free = await freeFor(db, lines, without, at);
  const locationIds = [...new Set(free.map(({ locationId }) => locationId))];
  const senders = await sendersAt(db, at, { locationIds, tried: triedOn(unitId, regionCode) });
  const { rules, locations } = senders;
  if (rules.sameDayKm === undefined || !senders.positions.has(regionCode)) return undefined;
  const near = {
    ...senders,
    locations: locations.filter(({ kind, leavesInDays }) => kind === 'store' && leavesInDays === 0),
    rules: {
      ...rules,
      split: 'never' as const,
      filters: [
        ...rules.filters.filter(({ keep }) => keep !== 'within_km'),
        { keep: 'within_km' as const, km: rules.sameDayKm },
      ],
    },
  };
  const route = routeOver(lines, near, free, regionCode);
  return route.unfilled.length === 0 ? route : undefined;
}
