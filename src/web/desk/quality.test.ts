import { sql } from 'kysely';
import { expect } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

test('the desk shows what is not as usual to admins, mutes it for a week, and says so on its first page', async ({
  app,
  deps,
  db,
}) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  expect((await admin.open('/desk/quality')).body).toContain('All is as usual');
  const { id } = await aSource(db, { name: 'The <app>' });
  const feed = `source:${id}`;
  const hour = new Date('2031-07-08T10:00:00Z');
  await sql`update quality.run set judged_hour = ${hour}`.execute(db);
  await sql`
    insert into quality.hour (feed, measure, hour, value, n)
    select ${feed}, 'arrivals', ${hour}::timestamptz - week * interval '7 days', case week when 0 then 0 else 1200 + week end, 1200
    from generate_series(0, 8) as week`.execute(db);
  await sql`
    insert into quality.finding (id, feed, fault, subject, opened_at, seen_at, value, expected)
    values (gen_random_uuid(), ${feed}, 'arrival', '', ${hour}, ${hour}, 0, 1204.5)`.execute(db);
  const shown = (await admin.open('/desk/quality')).body;
  expect(shown).toContain('The &lt;app>');
  expect(shown).toContain('0 (1,205)'); // the median of 1201 … 1208
  expect(shown).toContain('Nothing came');
  expect((await admin.open('/desk')).body).toContain('One thing in the data is not as usual.');

  const mute = { feed, fault: 'arrival', act: 'mute' };
  expect((await admin.send('/desk/quality/mutes', { ...mute, feed: 'source:none' })).statusCode).toBe(404);
  expect((await admin.send('/desk/quality/mutes', { ...mute, fault: 'weather' })).statusCode).toBe(400);
  expect((await admin.send('/desk/quality/mutes', mute)).statusCode).toBe(303);
  expect((await admin.open('/desk/quality')).body).toContain('Tell again');
  expect((await admin.open('/desk')).body).not.toContain('in the data is not as usual');
  expect((await admin.send('/desk/quality/mutes', { ...mute, act: 'tell' })).statusCode).toBe(303);
  expect((await admin.open('/desk')).body).toContain('One thing in the data is not as usual.');

  const chosen = encodeURIComponent(feed);
  const chart = (await admin.open(`/desk/quality?feed=${chosen}&by=hour`)).body;
  expect(chart).toContain('Arrivals: The &lt;app>');
  // Of 1201 … 1208 the median is 1204.5, and a tenth of it is more than they are apart: six of these to each side.
  expect(chart).toContain('Tue, Jul 8, 12:00 PM: 0; usual 482 to 1,927');
  expect(/class="chart-band" d="M[^"]+Z"/.test(chart)).toBe(true);
  const byDay = (await admin.open(`/desk/quality?feed=${chosen}&by=day`)).body;
  expect(byDay).toContain('Nothing was measured of it in this time yet.');
  expect((await admin.open('/desk/quality?feed=follower%3Asales')).statusCode).toBe(404);
  expect((await admin.open(`/desk/quality?feed=${chosen}&by=year`)).statusCode).toBe(400);

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open('/desk/quality')).statusCode).toBe(403);
  expect((await merchant.open('/desk')).body).not.toContain('not as usual');
});
