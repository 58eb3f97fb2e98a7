import type { PlaceFlow } from '../inventory/index.ts';

/** What was sent in so many weeks is what a place needs in as many. */
export const PACE_WEEKS = 13;
/** A place gets what it needs for so long, and gives what it does not need for so long. */
export const GET_WEEKS = 4;
export const KEEP_WEEKS = 8;

export interface StockMove {
  variantId: string;
  fromId: string;
  toId: string;
  /** Where it helps. */
  countryCode: string;
  units: number;
  /** Sent in the weeks of the pace by the place that gets, and by the one that gives. */
  shippedTo: number;
  shippedFrom: number;
  incomingTo: number;
  availableFrom: number;
  /** What the giving place keeps at least. */
  keptFrom: number;
}

/**
 * Which units to move where: a place that has none left gets what it needs for four weeks less what is coming, from the places
 * that have more than eight weeks' need, the one with the most to spare first. No unit is given away twice.
 */
export function movesOf(flows: readonly PlaceFlow[]): StockMove[] {
  const byVariant = new Map<string, PlaceFlow[]>();
  for (const flow of flows) byVariant.set(flow.variantId, [...(byVariant.get(flow.variantId) ?? []), flow]);
  return [...byVariant.values()].flatMap(movesOfVariant);
}

const needOf = ({ shipped }: PlaceFlow, weeks: number) => Math.ceil((shipped / PACE_WEEKS) * weeks);

function movesOfVariant(places: readonly PlaceFlow[]): StockMove[] {
  const spare = places
    .map((place) => ({ place, units: place.available - needOf(place, KEEP_WEEKS) }))
    .filter(({ units }) => units > 0);
  const lacking = places
    .filter(({ available, shipped }) => available === 0 && shipped > 0)
    .map((place) => ({ place, units: needOf(place, GET_WEEKS) - place.incoming }))
    .filter(({ units }) => units > 0)
    .sort((a, b) => b.units - a.units || (a.place.locationId < b.place.locationId ? -1 : 1));
  return lacking.flatMap(({ place: to, units: lacks }) => {
    let missing = lacks;
    const moves: StockMove[] = [];
    for (const giver of spare.toSorted((a, b) => b.units - a.units)) {
      const units = Math.min(missing, giver.units);
      if (units === 0) continue;
      missing -= units;
      giver.units -= units;
      moves.push(moveOf(giver.place, to, units));
    }
    return moves;
  });
}

const moveOf = (from: PlaceFlow, to: PlaceFlow, units: number): StockMove => ({
  variantId: to.variantId,
  fromId: from.locationId,
  toId: to.locationId,
  countryCode: to.countryCode,
  units,
  shippedTo: to.shipped,
  shippedFrom: from.shipped,
  incomingTo: to.incoming,
  availableFrom: from.available,
  keptFrom: needOf(from, KEEP_WEEKS),
});
