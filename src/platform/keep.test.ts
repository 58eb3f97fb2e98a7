import { expect, test } from 'vitest';
import { keepLast, readOnceIn } from './keep.ts';

test('what is asked for a second time is kept, and made anew when it is made of other things', () => {
  const made: string[] = [];
  const keep = keepLast<number>(2);
  const ask = (name: string, ...of: unknown[]) => keep(name, of, () => made.push(`${name} ${of.join()}`));

  expect([ask('a', 'x'), ask('a', 'x'), ask('a', 'x'), ask('a', 'y'), ask('a', 'y'), ask('b', 'x')]).toEqual([
    1, 2, 2, 3, 3, 4,
  ]);
  expect(made).toEqual(['a x', 'a x', 'a y', 'b x']);
  expect([ask('a', 'y', 1), ask('a', 'y')]).toEqual([5, 6]); // the same, and one thing more
});

test('of more things than it keeps, the one that nobody asked for the longest is let go', () => {
  let count = 0;
  const keep = keepLast<number>(2);
  const ask = (name: string) => keep(name, [], () => (count += 1));

  expect(['a', 'a', 'b', 'b', 'a'].map(ask)).toEqual([1, 2, 3, 4, 2]); // a and b are kept
  expect(['c', 'c', 'a', 'b'].map(ask)).toEqual([5, 6, 2, 7]); // c has pushed b out
});

test('what many ask for once pushes nothing out', () => {
  let count = 0;
  const keep = keepLast<number>(2);
  const ask = (name: string) => keep(name, [], () => (count += 1));

  expect(['a', 'a'].map(ask)).toEqual([1, 2]);
  for (let n = 0; n < 10; n++) ask(`robot ${n}`);
  expect(ask('a')).toBe(2);
  expect(ask('robot 0')).toBe(13); // forgotten, so asked for the first time
});

test('is read once however many ask, and again when its time is over', async () => {
  let at = 0;
  let reads = 0;
  const read = readOnceIn(
    100,
    () => new Date(at),
    async () => (reads += 1),
  );

  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
  at = 99;
  expect(await read()).toBe(1);
  at = 100;
  expect(await Promise.all([read(), read()])).toEqual([2, 2]);
});

test('a read that failed is told to those who waited, and tried again', async () => {
  const faults = [new Error('the database restarts')];
  const read = readOnceIn(
    100,
    () => new Date(0),
    async () => {
      const fault = faults.pop();
      if (fault) throw fault;
      return 'there';
    },
  );

  await expect(Promise.all([read(), read()])).rejects.toThrow('the database restarts');
  expect(await read()).toBe('there');
});
