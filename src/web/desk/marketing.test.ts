import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, aUpload } from '../factory.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const PATH = '/desk/marketing';
const BLANK = { reference: '', day: '', region: '', campaign: '', amount: '', currency: '' };

test('what marketing cost is typed or sent as a sheet; what is wrong with a line stands beside it', async ({
  app,
  deps,
}) => {
  const { cookie } = await aSignedInMember(deps, ['merchant']);
  const source = `paper-${randomUUID().slice(0, 8)}`;
  const send = async (fields: Partial<typeof BLANK & { source: string }>, file?: string) => {
    const answer = await aUpload(app, { path: PATH, cookie, fields: { ...BLANK, source, ...fields } }, file);
    return { status: answer.statusCode, text: textOf(answer.body) };
  };
  const line = { reference: 'poster', day: '2026-01-05', region: 'NL', campaign: 'Winter', currency: 'eur' };
  const wrong = await send({ ...line, source: 'A Paper', amount: '1' });
  expect([wrong.status, wrong.text.includes('Give a source of small letters, digits and hyphens.')]).toEqual([
    422,
    true,
  ]);
  const bad = await send({ ...line, reference: '', day: 'soon', amount: '12,505' });
  expect(bad.status).toBe(422);
  for (const text of [
    'Give a reference of 1 to 120 characters.',
    'Give a day, like',
    'Give an amount, like 0.52.',
  ])
    expect(bad.text).toContain(text);
  const good = await send({ ...line, amount: '12,50' });
  expect([
    good.status,
    good.text.includes('New: 1. Changed: 0. Taken back: 0. As before: 0. Refused: 0.'),
  ]).toEqual([200, true]);
  const sheet = [
    'reference;day;region;campaign;amount;currency',
    'poster;2026-01-05;NL;Winter;12,50;EUR',
    'radio;2026-01-06;BE;Winter;99;EUR',
    'tv;2026-01-06;MOON;Winter;99;EUR',
    'tv2;2026-01-06;BE;Winter;x;EUR',
  ].join('\n');
  const told = await send({}, sheet);
  expect(told.status).toBe(422);
  expect(told.text).toContain('New: 1. Changed: 0. Taken back: 0. As before: 1. Refused: 2.');
  expect(told.text).toContain('Line 4: There is no such market (tv).');
  expect(told.text).toContain('Line 5: Give an amount, like 0.52.');
  expect((await send({}, 'nothing,of,this\n1,2,3')).text).toContain(
    'reference, day, region, campaign, amount, currency',
  );
  const service = await aSignedInBrowser(app, deps, ['service']);
  expect((await service.open(PATH)).statusCode).toBe(403);
});
