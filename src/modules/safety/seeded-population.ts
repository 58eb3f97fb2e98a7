/** What somebody of the seeded population is up to. */
export const ATTACKS = ['burst', 'ring', 'puppets', 'copies'] as const;
export type Attack = (typeof ATTACKS)[number];

export type SeededKind = 'comment' | 'review' | 'answer';

interface Praise {
  by: string;
  piece: string;
  at: Date;
}

export interface Population {
  members: { id: string; madeAt: Date }[];
  products: string[];
  pieces: {
    id: string;
    kind: SeededKind;
    by: string;
    at: Date;
    text: string;
    product: string | null;
  }[];
  reactions: Praise[];
  votes: Praise[];
  devices: { digest: string; by: string }[];
  attackers: Map<string, Attack>;
}

/** The same numbers for the same seed (mulberry32). */
export function chanceFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (max: number) => Math.floor(next() * max);
  return { next, below, one: <T>(list: readonly T[]): T => list[below(list.length)] as T };
}
export type Chance = ReturnType<typeof chanceFrom>;

/** How a population is filled. */
export interface Hands {
  ago: (ms: number) => Date;
  join: (n: number | string, days: number) => string;
  write: (kind: SeededKind, by: string, at: Date, text: string, product?: string | null) => string;
  sentence: () => string;
  stock: () => string;
}
