import { expect, test } from 'vitest';
import { formatFor } from '../format.ts';
import { hoursOf, openNow } from './opening-hours.ts';

const day = { opens: '10:00', closes: '18:00' };
const late = { opens: '10:00', closes: '21:00' };
const WEEK = [null, day, day, late, day, day, null];
const format = formatFor('en-GB');

test('days with the same hours are one line', () => {
  expect(hoursOf(WEEK, format)).toEqual([
    { days: 'Mon', hours: 'Closed' },
    { days: 'Tue–Wed', hours: '10:00–18:00' },
    { days: 'Thu', hours: '10:00–21:00' },
    { days: 'Fri–Sat', hours: '10:00–18:00' },
    { days: 'Sun', hours: 'Closed' },
  ]);
});

test('a store is open by its own clock', () => {
  const at = (moment: string, zone: string) => openNow(WEEK, zone, new Date(moment), format).text;

  expect(at('2026-06-04T18:30:00Z', 'Europe/Amsterdam')).toBe('Open until 21:00'); // Thursday, 20:30 there
  expect(at('2026-06-04T18:30:00Z', 'Europe/London')).toBe('Open until 21:00');
  expect(at('2026-06-05T07:59:00Z', 'Europe/Amsterdam')).toBe('Opens today at 10:00'); // Friday, 9:59
  expect(at('2026-06-05T08:00:00Z', 'Europe/Amsterdam')).toBe('Open until 18:00');
  expect(at('2026-06-06T16:00:00Z', 'Europe/Amsterdam')).toBe('Opens Tue at 10:00'); // Saturday, 18:00
  expect(
    openNow(
      Array.from({ length: 7 }, () => null),
      'UTC',
      new Date(),
      format,
    ).text,
  ).toBe('Closed');
});
