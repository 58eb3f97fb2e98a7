import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin, change, layered, moved, type Part, redo, scaled, sent, turned, undo } from './look-layout.ts';

const part = (key: string, more: Partial<Extract<Part, { kind: 'item' }>> = {}): Part => ({
  kind: 'item',
  key,
  productId: key,
  variantId: null,
  shape: 'cut_out',
  title: key,
  src: null,
  ratio: 1.25,
  x: 500,
  y: 600,
  width: 300,
  turn: 0,
  ...more,
});
const of = (...parts: Part[]) => ({ sceneId: null, scene: null, parts });

test('what was done is undone step by step and done again, and a new step forgets what was undone', () => {
  const layouts = [of(), of(part('a')), of(part('a'), part('b'))] as const;
  const all = layouts.slice(1).reduce((history, next) => change(history, next), begin(layouts[0]));
  expect(undo(undo(all)).now).toBe(layouts[0]);
  expect(undo(undo(undo(all))).now).toBe(layouts[0]);
  expect(redo(redo(undo(undo(all)))).now).toBe(layouts[2]);
  expect(redo(change(undo(all), of())).now).toEqual(of());
});

test('whatever is done to a part, the server takes it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -9999, max: 9999 }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (by, factor) => {
        const done = turned(moved(scaled(part('a'), factor), by, -by), by);
        const [item] = JSON.parse(sent(of(done))).items;
        expect(item.x >= -500 && item.x <= 1500 && item.y >= -500 && item.y <= 1750).toBe(true);
        expect(item.width >= 20 && item.width <= 2000 && item.turn >= -180 && item.turn <= 180).toBe(true);
        expect([item.x, item.y, item.width, item.turn].every(Number.isInteger)).toBe(true);
      },
    ),
  );
});

test('layers change places, and stay at the top and the bottom', () => {
  const parts = [part('a'), part('b'), part('c')];
  const keys = (list: readonly Part[]) => list.map(({ key }) => key).join('');
  expect(keys(layered(parts, 'a', 1))).toBe('bac');
  expect(keys(layered(parts, 'c', 1))).toBe('abc');
  expect(keys(layered(parts, 'a', -1))).toBe('abc');
});
