import { expect, test } from 'vitest';
import { leavingDay, type WorkingTime } from './calendar.ts';

const day = { opens: '09:00', closes: '18:00' };
const store: WorkingTime = {
  timeZone: 'Europe/Amsterdam',
  openingHours: [day, day, day, day, day, day, null],
  closures: new Set(['2026-12-25']),
  cutOff: '15:00',
  handlingDays: 0,
};

test.each([
  ['before the cut-off', '2026-11-20T13:59:00Z', {}, '2026-11-20'],
  ['at the cut-off', '2026-11-20T14:00:00Z', {}, '2026-11-21'],
  ['over a day on which it is closed', '2026-11-21T15:00:00Z', {}, '2026-11-23'],
  ['over a closure', '2026-12-24T20:00:00Z', {}, '2026-12-26'],
  ['by its own clock, where it is tomorrow already', '2026-11-19T23:30:00Z', {}, '2026-11-20'],
  ['until it closes, without a cut-off', '2026-11-20T16:59:00Z', { cutOff: null }, '2026-11-20'],
  ['handled for two open days', '2026-11-20T08:00:00Z', { handlingDays: 2 }, '2026-11-23'],
  ['in summer time', '2026-07-20T12:59:00Z', {}, '2026-07-20'],
] as const)('a parcel leaves %s', (_name, at, facts, expected) => {
  expect(leavingDay({ ...store, ...facts }, new Date(at))).toBe(expected);
});

test('a day that is full passes the parcel on to the next', () => {
  const full = new Set(['2026-11-20', '2026-11-21']);
  expect(leavingDay(store, new Date('2026-11-20T08:00:00Z'), (each) => full.has(each))).toBe('2026-11-23');
});

test('a location that never opens promises nothing', () => {
  const closed = { ...store, openingHours: [null, null, null, null, null, null, null] };
  expect(leavingDay(closed, new Date('2026-11-20T08:00:00Z'))).toBeUndefined();
});
