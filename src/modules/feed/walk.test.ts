import fc from 'fast-check';
import { expect, test } from 'vitest';
import { walk } from './walk.ts';

/** A walk over boards by name, and what it came to by name. */
function walkOver(boards: Record<string, string[]>, { starts, ...walking }: Named): NamedVisit[] {
  const names = [...new Set([...starts, ...Object.values(boards).flat()])];
  const things = Object.values(boards).map((list) => list.map((name) => names.indexOf(name)));
  const standing = names.map((_, thing) =>
    things.flatMap((list, board) => list.filter((each) => each === thing).map(() => board)),
  );
  const found = walk(
    { things, boards: standing },
    { ...walking, starts: starts.map((name) => names.indexOf(name)) },
  );
  return found.map(({ thing, board, from, score }) => ({
    thing: names[thing] ?? '',
    board: Object.keys(boards)[board] ?? '',
    from: names[from] ?? '',
    score,
  }));
}

type Named = Omit<Parameters<typeof walk>[1], 'starts'> & { starts: string[] };
interface NamedVisit {
  thing: string;
  board: string;
  from: string;
  score: number;
}

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('what two starts lead to comes before what one leads to as often', () => {
  const boards = { kitchen: ['mug', 'jug', 'only-mug'], table: ['plate', 'jug', 'only-plate'] };
  const found = walkOver(boards, { starts: ['mug', 'plate'], random: numbers(7), steps: 4000 });
  expect(found[0]?.thing).toBe('jug');
  expect(found.map(({ thing }) => thing).sort()).toEqual(['jug', 'only-mug', 'only-plate']);
  expect(found.find(({ thing }) => thing === 'only-mug')).toMatchObject({ from: 'mug', board: 'kitchen' });
});

test('a walk is the same for the same numbers, stays in the graph, answers no start, and each thing once', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('p', 'q', 'r', 's'), fc.array(name, { maxLength: 6 })),
      fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 2 ** 31 }),
      (boards, starts, seed) => {
        const once = walkOver(boards, { starts, random: numbers(seed), steps: 300 });
        expect(walkOver(boards, { starts, random: numbers(seed), steps: 300 })).toEqual(once);
        expect(new Set(once.map(({ thing }) => thing)).size).toBe(once.length);
        for (const { thing, board, from } of once) {
          expect(starts).not.toContain(thing);
          expect(starts).toContain(from);
          expect(boards[board]).toContain(thing);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a walk that has come often enough to enough ends early', () => {
  let asked = 0;
  const count = () => {
    asked += 1;
    return (asked * 0.618) % 1;
  };
  walkOver(
    { kitchen: ['mug', 'jug'] },
    { starts: ['mug'], random: count, steps: 100_000, enough: { things: 1, visits: 3 } },
  );
  expect(asked).toBeLessThan(100);
});
