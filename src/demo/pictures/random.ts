/** Numbers that look random and are the same on every machine, for everything the demo makes up. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from min to max, both included. */
  int(min: number, max: number): number;
  between(min: number, max: number): number;
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
  normal(mean: number, deviation: number): number;
  shuffle<T>(list: readonly T[]): T[];
}

/** The seed's text becomes four words (xmur3), which sfc32 then stirs: 32-bit integer steps only. */
export function seeded(seed: string): Random {
  const word = wordsOf(seed);
  let a = word();
  let b = word();
  let c = word();
  let counter = word();
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return fromNext(next);
}

function fromNext(next: () => number): Random {
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    between: (min, max) => min + next() * (max - min),
    pick: (list) => {
      const found = list[Math.floor(next() * list.length)];
      if (found === undefined) throw new RangeError('nothing to pick from');
      return found;
    },
    chance: (probability) => next() < probability,
    // Twelve uniform numbers sum to nearly a normal one, and adding is the same on every processor.
    normal: (mean, deviation) => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return mean + sum * deviation;
    },
    shuffle: <T>(list: readonly T[]): T[] => {
      const keyed = list.map((item) => ({ item, key: next() }));
      return keyed.sort((x, y) => x.key - y.key).map(({ item }) => item);
    },
  };
}

function wordsOf(seed: string): () => number {
  let hash = 1_779_033_703 ^ seed.length;
  for (let i = 0; i < seed.length; i++) {
    hash = Math.imul(hash ^ seed.charCodeAt(i), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    hash ^= hash >>> 16;
    return hash >>> 0;
  };
}
