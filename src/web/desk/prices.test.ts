import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { listedPrices, priceOf, putPriceList } from '#modules/catalog/index.ts';
import { addArea } from '#modules/market/index.ts';
import { aPromotion } from '#modules/pricing/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { aSignedInBrowser, aUpload, fieldOf } from '../factory.ts';
import { formatFor } from '../format.ts';
import { decimalText } from '#platform/csv.ts';
import { priceIn } from './price-amount.ts';

const test = base.extend('merchant', { scope: 'file' }, ({ app, deps }) =>
  aSignedInBrowser(app, deps, ['merchant']),
);

const BEGAN = new Date('2026-01-01T00:00:00Z');

async function aList(db: Db, currency = 'GBP', priority = 0): Promise<string> {
  const id = randomUUID();
  const list = { name: `Prices in ${currency}`, currency, priority, validFrom: BEGAN, validTo: null };
  await inTransaction(db, (tx) => putPriceList(tx, 'system', id, list));
  return id;
}

const amountsOf = async (db: Db, listId: string) =>
  (await listedPrices(db, listId, { limit: 2000 })).map((price) => [
    price.sku,
    price.amountMinor,
    price.compareAtMinor,
  ]);

/** What the last notice on a page says, of a kind or of any. */
const noticeOf = (html: string, kind = '') =>
  [...html.matchAll(new RegExp(`<div class="notice ${kind}[^>]*>(.*?)</div></div>`, 'g'))]
    .at(-1)?.[1]
    ?.replaceAll(/(<[^>]*>)+/g, ' ')
    .trim();

const textOf = (html: string) =>
  html.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<');

const bySku = ([one]: readonly unknown[], [other]: readonly unknown[]) =>
  String(one) < String(other) ? -1 : 1;

describe('currencies', () => {
  test('are sold, given countries, refused by name and ended', async ({ merchant }) => {
    const sell = (currency: string, countries: string) =>
      merchant.send('/desk/prices/currencies', { currency, countries });
    expect((await sell('chf', 'ch li')).statusCode).toBe(303);
    const open = await merchant.open('/desk/prices');
    expect(fieldOf(open.body, 'countries')).toBe('CH, LI');
    const refused: [string, string, number, string][] = [
      ['QQQ', '', 422, 'There is no such currency.'],
      ['EUR', '', 422, 'it is its own'],
      ['SEK', 'SE, QQ', 422, 'There is no country QQ.'],
      ['SEK', 'SE, LI', 409, 'Visitors of LI begin in CHF already.'],
    ];
    for (const [currency, countries, status, why] of refused) {
      const answer = await sell(currency, countries);
      expect([answer.statusCode, answer.body.includes(why)], why).toEqual([status, true]);
    }
    expect((await merchant.send('/desk/prices/currencies/end', { currency: 'CHF' })).statusCode).toBe(303);
    expect((await merchant.open('/desk/prices')).body).not.toContain('CH, LI');
  });

  test('and prices are the merchant’s and the admin’s', async ({ app, deps, merchant }) => {
    for (const [role, status] of [
      ['operations', 403],
      ['admin', 200],
    ] as const) {
      const other = await aSignedInBrowser(app, deps, [role]);
      expect((await other.open('/desk/prices')).statusCode, role).toBe(status);
    }
    expect((await merchant.open('/desk')).body).toContain('href="/desk/prices"');
  });
});

describe('a price list', () => {
  test('of an area that is drawn in cells says by name that it holds nowhere, as a promotion of it does', async ({
    db,
    merchant,
  }) => {
    await inTransaction(db, async (tx) => {
      const drawn = { by: 'cells' as const, cells: ['85196953fffffff'] };
      await addArea(tx, { code: 'NL-drawn', parentCode: 'NL', name: 'Drawn', plan: drawn });
      const typed = { by: 'postcodes' as const, postcodes: ['98'] };
      await addArea(tx, { code: 'NL-typed', parentCode: 'NL', name: 'Typed', plan: typed });
    });
    const says = 'No address is known to lie in NL-drawn:';
    const facts = { name: 'There', currency: 'EUR', priority: '3', from: '2026-01-01T00:00', to: '' };
    const id = randomUUID();
    for (const [market, isSaid] of [
      ['NL-drawn', true],
      ['NL-typed', false],
      ['NL', false],
    ] as const) {
      await merchant.send(`/desk/prices/${id}`, { ...facts, market });
      const { body } = await merchant.open(`/desk/prices/${id}`);
      expect([fieldOf(body, 'market'), body.includes(says)], market).toEqual([market, isSaid]);
    }
    const regionCodes = ['NL-typed', 'NL-drawn'];
    const { id: promotionId } = await aPromotion(db, { regionCodes });
    expect((await merchant.open(`/desk/promotions/${promotionId}`)).body).toContain(says);
  });

  test('of a region is made, shown and moved, and one of a region that is not there is refused by name', async ({
    db,
    merchant,
  }) => {
    const product = await aPublishedProduct(db, 'Green bowl', { amountMinor: 2000 });
    await inTransaction(db, (tx) =>
      addArea(tx, {
        code: 'NL-north',
        parentCode: 'NL',
        name: 'North',
        plan: { by: 'postcodes', postcodes: ['97'] },
      }),
    );
    const id = randomUUID();
    const facts = { name: 'Up north', currency: 'EUR', priority: '0', from: '2026-01-01T00:00', to: '' };
    const wrong = await merchant.send(`/desk/prices/${id}`, { ...facts, market: 'NL-nowhere' });
    expect([wrong.statusCode, wrong.body.includes('There is no such region.')]).toEqual([422, true]);
    expect(fieldOf(wrong.body, 'market')).toBe('NL-nowhere');
    await merchant.send(`/desk/prices/${id}`, { ...facts, market: 'NL-north' });
    await merchant.send(`/desk/prices/${id}/price`, { sku: product.sku, amount: '15', before: '' });
    const shown = (await merchant.open(`/desk/prices/${id}`)).body;
    expect([fieldOf(shown, 'market'), shown.includes('EUR, priority 0, region NL-north')]).toEqual([
      'NL-north',
      true,
    ]);
    expect((await merchant.open('/desk/prices')).body).toContain('NL-north');
    expect((await merchant.open(`/desk/prices/${id}/prices.csv`)).body).toContain(product.sku);

    const { variantId } = product;
    const costsIn = async (...markets: string[]) =>
      (await priceOf(db, [variantId], 'EUR', new Date(), markets)).get(variantId)?.amountMinor;
    expect([await costsIn(), await costsIn('NL'), await costsIn('NL-north', 'NL')]).toEqual([
      2000, 2000, 1500,
    ]);
    await merchant.send(`/desk/prices/${id}`, { ...facts, market: 'NL' });
    expect([await costsIn(), await costsIn('NL'), await costsIn('BE')]).toEqual([2000, 1500, 2000]);
    // In the world it would stand beside the price that the product has.
    const overlaps = await merchant.send(`/desk/prices/${id}`, { ...facts, market: '' });
    expect(overlaps.statusCode).toBe(409);
    expect(await costsIn('NL')).toBe(1500);
  });

  test('is made, searched, changed line by line and ended, and the trail tells it', async ({
    db,
    merchant,
  }) => {
    const one = await aPublishedProduct(db, 'Blue bowl');
    const two = await aPublishedProduct(db, 'Red bowl');
    const id = randomUUID();
    const facts = { name: 'Pounds', currency: 'gbp', priority: '3', from: '2026-01-01T00:00', to: '' };
    const wrong = await merchant.send(`/desk/prices/${id}`, {
      ...facts,
      priority: '101',
      to: '2025-01-01T00:00',
    });
    expect([wrong.statusCode, fieldOf(wrong.body, 'priority')]).toEqual([422, '101']);
    expect(wrong.body).toContain('A day and a time after it begins.');
    expect((await merchant.send(`/desk/prices/${id}`, facts)).statusCode).toBe(303);
    const other = await merchant.send(`/desk/prices/${id}`, { ...facts, currency: 'USD', name: 'Sterling' });
    expect(other.statusCode).toBe(303); // the currency of a list stays: its page has no field for it
    expect((await merchant.open(`/desk/prices/${id}`)).body).toContain('GBP, priority 3');

    const set = (sku: string, amount: string, before = '') =>
      merchant.send(`/desk/prices/${id}/price`, { sku, amount, before, q: 'blue' });
    const done = await set(one.sku, '42,50', '50');
    expect([done.statusCode, done.headers.location]).toEqual([303, `/desk/prices/${id}?q=blue#prices`]);
    await set(two.sku, '30');
    const refused: [string, string, string, number, string][] = [
      ['nobody', '1', '', 409, 'No product has the SKU “nobody”.'],
      [one.sku, '42.505', '', 422, '“42.505” has more decimals than GBP, which has 2.'],
      [one.sku, '-1', '', 422, '“-1” is below nothing.'],
      [one.sku, '1 000', '', 422, '“1 000” is no amount, such as 12.50.'],
      [one.sku, '60', '50', 409, `The price of “${one.sku}” is not below the price before.`],
    ];
    for (const [sku, amount, before, status, why] of refused) {
      const answer = await set(sku, amount, before);
      expect([answer.statusCode, noticeOf(answer.body, 'error')], why).toEqual([status, why]);
      expect(answer.body).toContain(`value="${amount}"`);
    }
    expect(await amountsOf(db, id)).toEqual(
      [
        [one.sku, 4250, 5000],
        [two.sku, 3000, null],
      ].toSorted(bySku),
    );
    const found = (await merchant.open(`/desk/prices/${id}?q=red`)).body;
    expect([found.includes('Red bowl'), found.includes('Blue bowl')]).toEqual([true, false]);
    await set(two.sku, '');
    expect(await amountsOf(db, id)).toEqual([[one.sku, 4250, 5000]]);

    expect((await merchant.send(`/desk/prices/${id}/end`, {})).statusCode).toBe(303);
    const { rows } = await sql<{ action: string }>`
      select action from identity.audit where subject = ${`price_list:${id}`} order by id`.execute(db);
    expect(rows.map(({ action }) => action)).toEqual([
      'price_list_set',
      'price_list_set',
      'prices_set',
      'prices_set',
      'prices_set',
      'price_list_set',
    ]);
  });
});

describe('a sheet of prices', () => {
  const sending = (app: Parameters<typeof aUpload>[0], jar: Map<string, string>, id: string) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    return (file: string | Buffer | undefined, fields: Record<string, string> = {}) =>
      aUpload(app, { path: `/desk/prices/${id}/file`, fields, cookie }, file);
  };

  test('is tried, tells each line, and sets what it told; then it goes down and comes up the same', async ({
    app,
    db,
    merchant,
  }) => {
    const [kept, fresh, dead, formula] = [
      await aPublishedProduct(db, 'Kept'),
      await aPublishedProduct(db, 'Fresh, new'),
      await aPublishedProduct(db, 'Dead'),
      await aPublishedProduct(db, 'Formula'),
    ];
    await sql`update catalog.product set publication = 'archived' where id = ${dead.id}`.execute(db);
    await sql`update catalog.variant set sku = ${`=${formula.sku}`} where id = ${formula.variantId}`.execute(
      db,
    );
    await sql`update catalog.product set title = '=Formula' where id = ${formula.id}`.execute(db);
    const id = await aList(db);
    const send = sending(app, merchant.jar, id);
    await merchant.send(`/desk/prices/${id}/price`, { sku: kept.sku, amount: '10' });
    const sheet = [
      '\uFEFFSKU;Title;Amount;Price before',
      `${kept.sku};x;11,50;20`,
      `${fresh.sku};x;"8";`,
      ``,
      `${fresh.sku};x;9;`,
      `${dead.sku};x;9;`,
      `nobody;x;9;`,
      `;x;9;`,
      `${'x'.repeat(65)};x;9;`,
      `a;x;12.345;`,
      `b;x;-3;`,
      `c;x;twelve;`,
      `d;x;99999999999;`,
      `=${formula.sku};x;7;`,
    ].join('\r\n');
    const tried = await send(sheet);
    expect(tried.statusCode).toBe(200);
    expect(noticeOf(tried.body)).toBe(
      'Nothing is written yet Would be added 2, changed 1, taken off 0; as before 0, refused 9.',
    );
    expect([...textOf(tried.body).matchAll(/<li>(Line .*?)<\/li>/g)].map(([, told]) => told)).toEqual([
      `Line 5: The SKU “${fresh.sku}” is on line 3 already.`,
      `Line 6: “${dead.sku}” is not sold any more.`,
      'Line 7: No product has the SKU “nobody”.',
      'Line 8: The SKU is missing.',
      'Line 9: The SKU has more than 64 characters.',
      'Line 10: “12.345” has more decimals than GBP, which has 2.',
      'Line 11: “-3” is below nothing.',
      'Line 12: “twelve” is no amount, such as 12.50.',
      'Line 13: “99999999999” is more than a price can be.',
    ]);
    expect(await amountsOf(db, id)).toEqual([[kept.sku, 1000, null]]);
    const brought = textOf(/name="sheet" value="([^"]*)"/.exec(tried.body)?.[1] ?? '');
    const set = [
      [`=${formula.sku}`, 700, null],
      ...[
        [kept.sku, 1150, 2000],
        [fresh.sku, 800, null],
      ].toSorted(bySku),
    ];
    const counts = [
      'added 2, changed 1, taken off 0, as before 0',
      'added 0, changed 0, taken off 0, as before 3',
    ];
    for (const each of counts) {
      const applied = await send(undefined, { sheet: brought });
      expect(noticeOf(applied.body)).toBe(`The prices are set A${each.slice(1)}, refused 9.`);
      expect(await amountsOf(db, id)).toEqual(set);
    }

    const down = (await merchant.open(`/desk/prices/${id}/prices.csv`)).body;
    expect(down.split('\r\n').slice(0, 2)).toEqual([
      'sku,title,amount,price_before',
      `'=${formula.sku},'=Formula,7.00,`,
    ]);
    expect(down).toContain('"Fresh, new"');
    expect(noticeOf((await send(down)).body)).toContain('as before 3, refused 0');
  });

  test('that stops on the way says how far it came, and goes on where it stopped', async ({
    app,
    db,
    merchant,
  }) => {
    const id = await aList(db, 'USD');
    const [first, last] = [await aPublishedProduct(db, 'First'), await aPublishedProduct(db, 'Last')];
    const rows = Array.from({ length: 5_200 }, (_, n) => `none-${n},${n},`);
    const sheet = ['sku,amount,price_before', `${first.sku},5,`, ...rows, `${last.sku},6,`].join('\n');
    await sql`create function catalog.breaks() returns trigger language plpgsql as 'begin raise exception ''broken''; end'`.execute(
      db,
    );
    await sql
      .raw(`create trigger breaks before insert on catalog.offer for each row
        when (new.variant_id = '${last.variantId}') execute function catalog.breaks()`)
      .execute(db);
    const send = sending(app, merchant.jar, id);
    const stopped = await send(undefined, { sheet });
    await sql`drop function catalog.breaks cascade`.execute(db);
    expect(stopped.statusCode).toBe(500);
    expect(noticeOf(stopped.body)).toContain('Of 5,202 lines that can be read the first 5,000 are done');
    expect(await amountsOf(db, id)).toEqual([[first.sku, 500, null]]);
    expect(noticeOf((await send(undefined, { sheet })).body)).toContain(
      'Added 1, changed 0, taken off 0, as before 1',
    );
  });

  test('that is none is refused with what to do', async ({ app, db, merchant }) => {
    const send = sending(app, merchant.jar, await aList(db, 'JPY'));
    const wrong: [string | undefined, string][] = [
      [undefined, 'Choose a CSV file.'],
      ['sku,amount\nx,1', 'The first line must name the columns: sku, amount, price_before.'],
      [`sku,amount,price_before\n${'x,1,\n'.repeat(20_001)}`, 'These are more than 20000 lines.'],
      [`sku,amount,price_before\n${'x'.repeat(2 * 1024 * 1024)}`, 'The file is larger than 2 MB.'],
    ];
    for (const [file, why] of wrong) {
      const answer = await send(file);
      expect([answer.statusCode, answer.body.includes(why)], why).toEqual([422, true]);
    }
    expect((await send('sku,amount,price_before\nx,1.5,')).body).toContain(
      '“1.5” has decimals, and JPY has none.',
    );
  });
});

test('what a price is written as is read as the same, and shown to its last digit, in currencies of every number of decimals', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'EUR', 'KWD', 'CLF'),
      fc.integer({ min: 0, max: 10 ** 12 }),
      fc.boolean(),
      (currency, minor, hasComma) => {
        const text = decimalText(minor, currency);
        expect(priceIn(hasComma ? text.replace('.', ',') : text, currency)).toEqual({ minor });
        // As pages show it, every digit is there.
        const shown = formatFor('en-GB').money(minor, currency).replaceAll(/\D/g, '');
        expect(Number(shown)).toBe(minor);
      },
    ),
  );
});
