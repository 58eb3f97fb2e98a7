import { describe, expect, test } from 'vitest';
import { datePattern, localTimes } from './local-time.ts';

function reader(format: string, timeZone = 'Europe/London') {
  const pattern = datePattern(format);
  if (typeof pattern === 'string') throw new Error(pattern);
  const read = localTimes(pattern, timeZone);
  return (text: string) => {
    const time = read(text);
    return time && `${new Date(time.at).toISOString()} ${time.day}`;
  };
}

describe('local times', () => {
  const london = reader('yyyy-MM-dd HH:mm:ss');
  test.for([
    ['2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z 2010-12-01'], // winter
    ['2011-07-01 00:30:00', '2011-06-30T23:30:00.000Z 2011-07-01'], // summer: yesterday in UTC
    ['2011-03-27 00:59:59', '2011-03-27T00:59:59.000Z 2011-03-27'], // before the clock goes forward
    ['2011-03-27 01:30:00', '2011-03-27T01:30:00.000Z 2011-03-27'], // skipped: pushed forward by the hour
    ['2011-03-27 02:00:00', '2011-03-27T01:00:00.000Z 2011-03-27'],
    ['2011-10-30 01:30:00', '2011-10-30T00:30:00.000Z 2011-10-30'], // repeated: the first of the two
    ['2011-10-30 02:00:00', '2011-10-30T02:00:00.000Z 2011-10-30'],
    ['2012-02-29 12:00:00', '2012-02-29T12:00:00.000Z 2012-02-29'],
  ] as const)('%s', ([text, expected]) => expect(london(text)).toBe(expected));

  test.for([
    '2011-02-29 12:00:00',
    '2011-13-01 12:00:00',
    '2011-01-01 24:00:00',
    '2011-01-01 12:60:00',
    '2011-01-01',
    'x',
  ])('%s is none', (text) => expect(london(text)).toBeUndefined());

  test('are read in other formats and zones', () => {
    expect(reader('M/d/yyyy H:mm')('12/1/2010 8:26')).toBe('2010-12-01T08:26:00.000Z 2010-12-01');
    expect(reader('dd.MM.yy', 'Europe/Berlin')('05.07.24')).toBe('2024-07-04T22:00:00.000Z 2024-07-05');
    expect(reader('MM/dd/yyyy hh:mm a', 'America/New_York')('01/31/2024 12:05 AM')).toBe(
      '2024-01-31T05:05:00.000Z 2024-01-31',
    );
    expect(reader('yyyy-MM-ddTHH:mm:ssXXX', 'Asia/Tokyo')('2024-01-31T20:00:00+01:00')).toBe(
      '2024-01-31T19:00:00.000Z 2024-02-01',
    );
    expect(reader('yyyy-MM-dd HH:mm:ss XXX')('2024-07-01 10:00:00 -0400')).toBe(
      '2024-07-01T14:00:00.000Z 2024-07-01',
    );
  });

  test('need a format that says the day', () => {
    expect(datePattern('HH:mm')).toBe('dates.format must have a year, a month and a day');
    expect(datePattern('yyyy-MM-dd MM')).toBe('dates.format names the same part twice');
    expect(datePattern('yyyy-MMM-dd')).toContain('dates.format has "MMM"');
  });
});
