import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { anOpenRegister, aSoldOrder } from '#modules/till/factory.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

const PATH = '/till/conflicts';
const textOf = (body: string) => body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

test('a conflict is told to whoever is at a till of the store, until one of them says what was done', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const till = await anOpenRegister(db, databaseUrl, { units: 1, memberId: associate.memberId });
  const { number } = await aSoldOrder(db, till, {
    lines: [{ variantId: till.variantId, quantity: 3, agreed: { unitPriceMinor: 1210, discountMinor: 0 } }],
    soldAt: new Date().toISOString(),
    totalMinor: 3630,
    payments: [{ kind: 'cash', amountMinor: 3630, tenderedMinor: 3630 }],
  });
  const elsewhere = await anOpenRegister(db, databaseUrl, { units: 1 });
  expect((await associate.open(PATH)).headers['location']).toContain('/till/register');
  associate.jar.set('stoa_register', elsewhere.registerId);
  expect(textOf((await associate.open(PATH)).body)).toContain('Nothing to settle.');
  expect(textOf((await associate.open('/till')).body)).not.toContain('conflict to settle');

  associate.jar.set('stoa_register', till.registerId);
  expect(textOf((await associate.open('/till')).body)).toContain('1 conflict to settle');
  const { body } = await associate.open(PATH);
  expect(textOf(body)).toContain('3 sold, 1 left to sell by the books');
  expect(textOf(body)).toContain(`Order ${number}`);
  const [, id = ''] = /action="\/till\/conflicts\/([0-9a-f-]{36})"/.exec(body) ?? [];

  const unsaid = await associate.send(`${PATH}/${id}`, { note: '  ' });
  expect([unsaid.statusCode, unsaid.body.includes('Say in a few words what was done.')]).toEqual([422, true]);
  expect((await associate.send(`${PATH}/${randomUUID()}`, { note: 'counted' })).statusCode).toBe(404);
  for (const note of ['counted, none on the shelf', 'a second one changes nothing'])
    expect((await associate.send(`${PATH}/${id}`, { note })).statusCode).toBe(303);
  const { rows } = await sql<{ note: string; by: string }>`
    select note, settled_by as by from till.stock_conflict where id = ${id}`.execute(db);
  expect(rows).toEqual([{ note: 'counted, none on the shelf', by: associate.memberId }]);
  const settled = textOf((await associate.open(PATH)).body);
  expect(settled).toContain('Nothing to settle.');
  expect(settled).toContain('2 counted, none on the shelf Ada Example');
});
