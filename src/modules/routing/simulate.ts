import { setImmediate } from 'node:timers/promises';
import { broker, costOf, type WantedLine } from './broker.ts';
import { PastPlaces, type World } from './past-places.ts';
import { windowOf } from './route.ts';
import type { RuleSet } from './rules.ts';

/** What rules would have made of a month. */
export interface Outcome {
  orders: number;
  units: number;
  /** Units given ÷ units ordered. */
  fillRate: number | null;
  /** Orders all of which would have come by their promise ÷ orders. */
  onTime: number | null;
  /** Of picking, packing and carrying all that was given. */
  costMinor: number;
  /** Orders in several parcels ÷ orders of which something was given. */
  splitShare: number | null;
  /** Orders of which something could not be given. */
  unfillable: number;
  parcels: number;
}

interface Judged {
  /** By which carrying is priced: the same for all rules that are compared. */
  parcel: RuleSet['parcel'];
  /** When each order would have come by the rules it is compared with, for those to which nothing was promised. */
  otherwise?: readonly (string | undefined)[];
}

const SLICE_MS = 20;

/** Routes the orders one after the other in memory, on stock and capacity that they use up. Lets others work between. */
export async function simulate(
  world: World,
  rules: RuleSet,
  { parcel, otherwise }: Judged,
): Promise<{ outcome: Outcome; promises: (string | undefined)[] }> {
  const places = new PastPlaces(world);
  const sum = { units: 0, given: 0, onTime: 0, costMinor: 0, split: 0, served: 0, unfillable: 0, parcels: 0 };
  const promises: (string | undefined)[] = [];
  let sliceBegan = performance.now();
  for (const [index, order] of world.orders.entries()) {
    if (performance.now() - sliceBegan > SLICE_MS) {
      await setImmediate();
      sliceBegan = performance.now();
    }
    const { parts, unfilled } = broker(order.lines, places.candidates(order), rules);
    const routed = parts.map((part) => {
      const candidate = places.take(part);
      const units = unitsOf(part.lines);
      sum.costMinor += costOf(candidate, parcel, units);
      sum.given += units;
      return { ...part, leavesOn: candidate.leavesOn };
    });
    const promised = windowOf({ parts: routed, unfilled }, order.transit)?.promisedTo;
    promises.push(promised);
    const due = order.promisedTo ?? (otherwise ? otherwise[index] : promised);
    if (promised !== undefined && (due === undefined || promised <= due)) sum.onTime += 1;
    sum.units += unitsOf(order.lines);
    sum.parcels += parts.length;
    if (parts.length > 0) sum.served += 1;
    if (parts.length > 1) sum.split += 1;
    if (unfilled.length > 0) sum.unfillable += 1;
  }
  return { outcome: outcomeOf(world.orders.length, sum), promises };
}

type Sums = Record<
  'units' | 'given' | 'onTime' | 'costMinor' | 'split' | 'served' | 'unfillable' | 'parcels',
  number
>;

const outcomeOf = (orders: number, sum: Sums): Outcome => ({
  orders,
  units: sum.units,
  fillRate: share(sum.given, sum.units),
  onTime: share(sum.onTime, orders),
  costMinor: sum.costMinor,
  splitShare: share(sum.split, sum.served),
  unfillable: sum.unfillable,
  parcels: sum.parcels,
});

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const unitsOf = (lines: readonly WantedLine[]) => lines.reduce((sum, { quantity }) => sum + quantity, 0);
