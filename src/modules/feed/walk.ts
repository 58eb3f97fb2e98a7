/** Things and the boards that they stand on: who asks for it reads as much of it as they can afford. */
export interface Graph {
  /** By board, what stands on it. */
  things: ReadonlyMap<string, readonly string[]>;
  /** By thing, where it stands. */
  boards: ReadonlyMap<string, readonly string[]>;
}

export interface Visited {
  thing: string;
  score: number;
  /** The board by which it was come to last. */
  board: string;
  /** The start that led there most often. */
  from: string;
}

interface Walking {
  starts: readonly string[];
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
  const found = new Map<string, { root: number; board: string; from: string; most: number }>();
  const each = Math.floor(steps / Math.max(1, starts.length));
  for (const start of starts) {
    const visits = new Map<string, { count: number; board: string }>();
    let often = 0;
    let at = start;
    for (let step = 0; step < each && often < enough.things; step++) {
      const board = pick(graph.boards.get(at), random);
      const thing = board === undefined ? undefined : pick(graph.things.get(board), random);
      if (board === undefined || thing === undefined) {
        if (at === start) break;
        at = start;
        continue;
      }
      if (!own.has(thing)) {
        const count = (visits.get(thing)?.count ?? 0) + 1;
        visits.set(thing, { count, board });
        if (count === enough.visits) often += 1;
      }
      at = random() < restart ? start : thing;
    }
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
    .sort((one, other) => other.score - one.score || (one.thing < other.thing ? -1 : 1));
}

const pick = (list: readonly string[] | undefined, random: () => number): string | undefined =>
  list?.[Math.floor(random() * list.length)];
