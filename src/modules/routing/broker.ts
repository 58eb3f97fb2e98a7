import type { Filter, RuleSet } from './rules.ts';

export interface WantedLine {
  variantId: string;
  quantity: number;
}

/** What a location gives of a line. */
export interface GivenLine extends WantedLine {
  /** Of these: units whose goods are still to come to it. */
  waits?: number;
}

/** A location as it stands for one order: what the rules ask of it. */
export interface Candidate {
  locationId: string;
  code: string;
  kind: 'store' | 'warehouse' | 'supplier';
  group: string;
  /** Days until a parcel assigned now leaves. */
  leavesInDays: number;
  /** Whether a parcel assigned now leaves on the first day on which it could, were there no limit. */
  hasCapacityToday: boolean;
  /** The share of that first day's capacity that is taken, 0 to 1. */
  load: number;
  /** To the buyer; null where that is not known. */
  distanceKm: number | null;
  pickCostMinor: number;
  packCostMinor: number;
  /** What may be promised now, by variant. */
  available: ReadonlyMap<string, number>;
}

export interface Part {
  locationId: string;
  lines: GivenLine[];
}

export interface Plan {
  parts: Part[];
  /** What no location that the rules allow can give. */
  unfilled: WantedLine[];
  /** Those that were asked, the best first, by the weighted sum of their criteria: 0 is best in all of them. */
  ranking: { locationId: string; score: number }[];
  /** Which filter kept which location from being asked. */
  excluded: { locationId: string; by: Filter['keep'] }[];
}

/**
 * Which location fulfils what of an order: the best one that has it all; else, where the rules allow a split, the
 * fewest that together do, the better first. The same question always has the same answer.
 */
export function broker(lines: readonly WantedLine[], candidates: readonly Candidate[], rules: RuleSet): Plan {
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const excluded: Plan['excluded'] = [];
  const asked = candidates.filter((candidate) => {
    const by = rules.filters.find((filter) => !meets(candidate, filter, rules, units));
    if (by) excluded.push({ locationId: candidate.locationId, by: by.keep });
    return !by;
  });
  const kept = Math.max(
    0,
    ...rules.filters.map((filter) => (filter.keep === 'leaving_units' ? filter.units : 0)),
  );
  const ranked = rank(asked, rules, units);
  const shelves = ranked.map(({ candidate }) => shelfOf(candidate, lines, kept));
  const ranking = ranked.map(({ candidate, score }) => ({ locationId: candidate.locationId, score }));
  return { ...fill(lines, choose(lines, shelves, rules), rules.split), ranking, excluded };
}

/** What a location can give of the lines, in their order. */
interface Shelf {
  locationId: string;
  free: number[];
}

const shelfOf = (
  { locationId, available }: Candidate,
  lines: readonly WantedLine[],
  kept: number,
): Shelf => ({
  locationId,
  free: lines.map(({ variantId, quantity }) =>
    Math.min(quantity, Math.max(0, (available.get(variantId) ?? 0) - kept)),
  ),
});

function meets(candidate: Candidate, filter: Filter, { parcel }: RuleSet, units: number): boolean {
  switch (filter.keep) {
    case 'groups':
      return filter.groups.includes(candidate.group);
    case 'kinds':
      return filter.kinds.includes(candidate.kind);
    case 'locations':
      return filter.codes.includes(candidate.code);
    case 'not_locations':
      return !filter.codes.includes(candidate.code);
    case 'within_km':
      return candidate.distanceKm !== null && candidate.distanceKm <= filter.km;
    case 'with_capacity_today':
      return candidate.hasCapacityToday;
    case 'leaving_within_days':
      return candidate.leavesInDays <= filter.days;
    case 'costing_at_most':
      return costOf(candidate, parcel, units) <= filter.minor;
    case 'leaving_units':
      return true; // asked of each line, where the shelf is looked at
  }
}

/** What serving the whole order from there would cost, as far as it is known beforehand. */
export const costOf = (
  { pickCostMinor, packCostMinor, distanceKm }: Candidate,
  { baseMinor, perKmMinor }: RuleSet['parcel'],
  units: number,
): number => packCostMinor + pickCostMinor * units + baseMinor + Math.round(perKmMinor * (distanceKm ?? 0));

/** The best first. Each criterion is scaled to those asked, so that days and cents weigh what the rules say. */
function rank(
  candidates: readonly Candidate[],
  { weights, parcel }: RuleSet,
  units: number,
): { candidate: Candidate; score: number }[] {
  const criteria = [
    { weight: weights.promise, values: candidates.map(({ leavesInDays }) => leavesInDays) },
    { weight: weights.cost, values: candidates.map((candidate) => costOf(candidate, parcel, units)) },
    {
      weight: weights.distance,
      values: candidates.map(({ distanceKm }) => distanceKm ?? Number.POSITIVE_INFINITY),
    },
    { weight: weights.load, values: candidates.map(({ load }) => load) },
  ];
  const scores = candidates.map(() => 0);
  for (const { weight, values } of criteria) {
    const scaled = scaledOf(values);
    for (const [n, value] of scaled.entries()) scores[n] = (scores[n] ?? 0) + weight * value;
  }
  return candidates
    .map((candidate, n) => ({ candidate, score: scores[n] ?? 0 }))
    .sort((a, b) => a.score - b.score || (a.candidate.code < b.candidate.code ? -1 : 1));
}

/** From the least (0) to the most (1); what is not known counts as the most. */
function scaledOf(values: readonly number[]): number[] {
  const known = values.filter((value) => Number.isFinite(value));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return values.map((value) =>
    Number.isFinite(value) ? (most > least ? (value - least) / (most - least) : 0) : 1,
  );
}

/** Pairs are searched among this many of the best: more would cost more than a second parcel saves. */
const PAIRED_MAX = 24;

function choose(
  lines: readonly WantedLine[],
  shelves: readonly Shelf[],
  { split, locationsMax }: RuleSet,
): Shelf[] {
  const single = shelves.find(({ free }) => lines.every(({ quantity }, n) => (free[n] ?? 0) >= quantity));
  if (single) return [single];
  if (split === 'never' || locationsMax < 2) return [];
  const useful = shelves.filter(({ free }) => lines.some((line, n) => givenOf(line, free[n], split) > 0));
  return pair(lines, useful.slice(0, PAIRED_MAX), split) ?? greedy(lines, useful, split, locationsMax);
}

/** What a shelf gives of a line: where lines are not split, all of it or nothing. */
const givenOf = ({ quantity }: WantedLine, free: number | undefined, split: RuleSet['split']): number =>
  split === 'within_line' || (free ?? 0) >= quantity ? (free ?? 0) : 0;

/** The two best that together have it all. */
function pair(
  lines: readonly WantedLine[],
  shelves: readonly Shelf[],
  split: RuleSet['split'],
): Shelf[] | undefined {
  for (let ranks = 1; ranks <= 2 * shelves.length; ranks++) {
    for (let first = 0; 2 * first < ranks; first++) {
      const [one, other] = [shelves[first], shelves[ranks - first]];
      if (one && other && lines.every((line, n) => together(line, one.free[n], other.free[n], split)))
        return [one, other];
    }
  }
  return undefined;
}

const together = (
  line: WantedLine,
  one: number | undefined,
  other: number | undefined,
  split: RuleSet['split'],
) => givenOf(line, one, split) + givenOf(line, other, split) >= line.quantity;

/** Whoever gives most of what is still open, the better of equals, until all is given or there are enough. */
function greedy(
  lines: readonly WantedLine[],
  shelves: readonly Shelf[],
  split: RuleSet['split'],
  locationsMax: number,
): Shelf[] {
  const open = lines.map((line) => ({ ...line }));
  const chosen: Shelf[] = [];
  while (chosen.length < locationsMax) {
    let best: { shelf: Shelf; units: number } | undefined;
    for (const shelf of shelves) {
      if (chosen.includes(shelf)) continue;
      const units = open.reduce(
        (sum, line, n) => sum + Math.min(line.quantity, givenOf(line, shelf.free[n], split)),
        0,
      );
      if (units > (best?.units ?? 0)) best = { shelf, units };
    }
    if (!best) return chosen;
    chosen.push(best.shelf);
    for (const [n, line] of open.entries()) {
      line.quantity -= Math.min(line.quantity, givenOf(line, best.shelf.free[n], split));
    }
  }
  return chosen;
}

/** Each line goes whole to the first that has it whole; else, where that is allowed, in parts. */
function fill(
  lines: readonly WantedLine[],
  chosen: readonly Shelf[],
  split: RuleSet['split'],
): Pick<Plan, 'parts' | 'unfilled'> {
  const parts = new Map<string, WantedLine[]>(chosen.map(({ locationId }) => [locationId, []]));
  const unfilled: WantedLine[] = [];
  for (const [n, { variantId, quantity }] of lines.entries()) {
    const whole = chosen.find(({ free }) => (free[n] ?? 0) >= quantity);
    let left = quantity;
    for (const { locationId, free } of whole ? [whole] : split === 'within_line' ? chosen : []) {
      const given = Math.min(left, free[n] ?? 0);
      if (given > 0) parts.get(locationId)?.push({ variantId, quantity: given });
      left -= given;
    }
    if (left > 0) unfilled.push({ variantId, quantity: left });
  }
  const given = [...parts].filter(([, part]) => part.length > 0);
  return { parts: given.map(([locationId, part]) => ({ locationId, lines: part })), unfilled };
}
