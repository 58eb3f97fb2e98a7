import { describe, expect, test } from 'vitest';
import { openingHoursToday } from './locations.ts';

const day = { opens: '09:00', closes: '18:00' };
const late = { opens: '12:00', closes: '21:00' };
const openingHours = [day, day, day, late, day, day, null];

describe('openingHoursToday', () => {
  test.for([
    { at: '2026-03-04T07:59:00Z', timeZone: 'Europe/Amsterdam', hours: day, isOpen: false },
    { at: '2026-03-04T08:00:00Z', timeZone: 'Europe/Amsterdam', hours: day, isOpen: true },
    { at: '2026-03-04T17:00:00Z', timeZone: 'Europe/Amsterdam', hours: day, isOpen: false },
    { at: '2026-07-06T07:00:00Z', timeZone: 'Europe/Amsterdam', hours: day, isOpen: true }, // summer time
    { at: '2026-03-04T23:30:00Z', timeZone: 'Europe/Amsterdam', hours: late, isOpen: false }, // Thursday there
    { at: '2026-03-08T12:00:00Z', timeZone: 'Europe/Amsterdam', hours: null, isOpen: false }, // a Sunday
    { at: '2026-03-08T23:30:00Z', timeZone: 'Asia/Tokyo', hours: day, isOpen: false }, // Monday 08:30 there
  ])('at $at in $timeZone', ({ at, timeZone, hours, isOpen }) => {
    expect(openingHoursToday({ openingHours, timeZone }, new Date(at))).toEqual({ hours, isOpen });
  });
});
