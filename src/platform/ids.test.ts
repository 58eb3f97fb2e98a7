import { expect, test } from 'vitest';
import { newId } from './ids.ts';

test('ids made one after another are in order, within a millisecond too', () => {
  const ids = Array.from({ length: 1000 }, () => newId());
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an id of a time that is told begins with it, and those of one time are in order', () => {
  const at = Date.UTC(2026, 0, 2);
  const ids = Array.from({ length: 1000 }, () => newId(at));
  expect(ids.toSorted()).toEqual(ids);
  expect(Number.parseInt((ids[0] ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(at);
  expect(newId() > newId(at)).toBe(true);
});
