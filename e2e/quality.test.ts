import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aPage, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 240_000 });

test('what came of a source is a picture and a table, for a keyboard and a screen reader, light or dark, wide or narrow', async ({
  place,
  app,
  deps,
  db,
}) => {
  const { id } = await aSource(db, { name: 'The app of our shop on the square' });
  const feed = `source:${id}`;
  // Nine weeks with the rhythm of a day; an afternoon of the last one brings half.
  await sql`
    insert into quality.hour (feed, measure, hour, value, n)
    select ${feed}, 'arrivals', hour, value, value from (
      select hour, round((1200 + 900 * sin((extract(hour from hour)::integer - 9) * pi() / 12) + 40 * sin(extract(day from hour)))
        * case when hour > '2031-07-08T11:00:00Z' then 0.5 else 1 end)::integer as value
      from generate_series('2031-05-06T00:00:00Z'::timestamptz, '2031-07-08T18:00:00Z', interval '1 hour') as hour
    ) as wave`.execute(db);
  await sql`update quality.run set judged_hour = '2031-07-08T18:00:00Z'`.execute(db);
  const { jar } = await aSignedInBrowser(app, deps, ['admin']);
  const page = await aPage(place, jar);
  for (const by of ['Hour, the last 3 days', 'Day, the last 4 weeks'])
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.goto('/desk/quality');
      const panel = page.getByRole('region', { name: 'What came' });
      await panel.getByLabel('Feed').selectOption('The app of our shop on the square');
      await panel.getByLabel('By').selectOption(by);
      await panel.getByRole('button', { name: 'Show' }).click();
      await panel.getByRole('group', { name: 'Arrivals: The app of our shop on the square' }).waitFor();
      await panel.getByText('The same as a table').click();
      const rows = await panel.getByRole('row').count();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([rows, overflow]).toEqual([by.startsWith('Hour') ? 73 : 29, 0]);
      await expectAccessible(page);
    }
});
