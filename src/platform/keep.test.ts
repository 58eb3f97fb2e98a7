import { expect, test } from 'vitest';
import { keepLast, readOnceIn } from './keep.ts';

test('what is made of the same things is made once, and of others anew', () => {
  const made: string[] = [];
  const keep = keepLast<number>(2);
  const ask = (name: string, ...of: unknown[]) => keep(name, of, () => made.push(`${name} ${of.join()}`));

  expect([ask('a', 'x', 1), ask('a', 'x', 1), ask('a', 'x', 2), ask('a', 'x'), ask('b', 'x')]).toEqual([
    1, 1, 2, 3, 4,
  ]);
  expect(made).toEqual(['a x,1', 'a x,2', 'a x', 'b x']);
});

test('of more things than it keeps, the one that nobody asked for the longest is let go', () => {
  let count = 0;
  const keep = keepLast<number>(2);
  const ask = (name: string) => keep(name, [], () => (count += 1));

  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual([1, 2, 1, 3, 1, 4]);
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
