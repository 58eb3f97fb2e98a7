/**
 * Things and the boards that they stand on, each by a number from 0: who asks for it reads as much of it as they can
 * afford, and a walk of thousands of steps looks up no names.
 */
export interface Graph {
  /** By board, what stands on it. */
  things: readonly (readonly number[])[];
  /** By thing, where it stands. */
  boards: readonly (readonly number[])[];
}

export interface Visited {
  thing: number;
  score: number;
  /** The board by which it was come to last. */
  board: number;
  /** The start that led there most often. */
  from: number;
}

interface Walking {
  starts: readonly number[];
  /** At least 0, below 1: the same numbers are the same walk. */
  random: () => number;
  steps?: number;
  /** How likely a walk goes back to its start after each step. */
  restart?: number;
  /** The walk from a start ends early once so many things were come to so often. */
  enough?: { things: number; visits: number };
}

const USUAL = { steps: 4000, restart: 0.35, enough: { things: 120, visits: 6 } } as const;

/**
 * Walks from thing to board to thing, again and again, and answers what was come to, most often first. What several
 * starts lead to counts for more than what one leads to as often: the roots of its visits are added, then squared.
 */
export function walk(graph: Graph, walking: Walking): Visited[] {
  const { starts, steps = USUAL.steps, restart = USUAL.restart, enough = USUAL.enough, random } = walking;
  const own = new Set(starts);
  const found = new Map<number, Found>();
  const each = Math.floor(steps / Math.max(1, starts.length));
  for (const start of starts) {
    const visits = walkFrom(graph, start, { own, steps: each, restart, enough, random });
    for (const [thing, { count, board }] of visits) {
      const known = found.get(thing);
      if (!known) found.set(thing, { root: Math.sqrt(count), board, from: start, most: count });
      else {
        known.root += Math.sqrt(count);
        if (count > known.most) Object.assign(known, { board, from: start, most: count });
      }
    }
  }
  return [...found]
    .map(([thing, { root, board, from }]) => ({ thing, score: root ** 2, board, from }))
    .sort((one, other) => other.score - one.score || one.thing - other.thing);
}

interface Found {
  root: number;
  board: number;
  from: number;
  most: number;
}

type Steps = Required<Omit<Walking, 'starts'>> & { own: ReadonlySet<number> };

/** How often a walk from one start came to each thing, in the order of coming there first. */
function walkFrom(
  { things, boards }: Graph,
  start: number,
  { own, steps, restart, enough, random }: Steps,
): Map<number, { count: number; board: number }> {
  const visits = new Map<number, { count: number; board: number }>();
  let often = 0;
  let at = start;
  for (let step = 0; step < steps && often < enough.things; step++) {
    const board = pick(boards[at], random);
    const thing = board === undefined ? undefined : pick(things[board], random);
    if (board === undefined || thing === undefined) {
      if (at === start) break;
      at = start;
      continue;
    }
    if (!own.has(thing)) {
      const known = visits.get(thing);
      if (known) {
        known.count += 1;
        known.board = board;
      } else visits.set(thing, { count: 1, board });
      if ((known?.count ?? 1) === enough.visits) often += 1;
    }
    at = random() < restart ? start : thing;
  }
  return visits;
}

const pick = (list: readonly number[] | undefined, random: () => number): number | undefined =>
  list?.[Math.floor(random() * list.length)];
