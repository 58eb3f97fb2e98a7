import { expect } from 'vitest';
import { addArea, regionOfAddress } from '#modules/market/index.ts';
import { aCart, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, aUpload } from '../factory.ts';

const PATH = '/desk/regions/postcodes';
const geonames = (postcode: string, latitude: string, longitude: string) =>
  ['AT', postcode, 'Ort', '', '', '', '', '', '', latitude, longitude, '6'].join('\t');
const outline = JSON.stringify({
  type: 'Polygon',
  coordinates: [
    [
      [16.2, 48.1],
      [16.5, 48.1],
      [16.5, 48.3],
      [16.2, 48.3],
      [16.2, 48.1],
    ],
  ],
});

test('a file says where postcodes lie; what is drawn says how many lie in it, and addresses count there', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const cookie = [...desk.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = (file?: string | Buffer) => aUpload(app, { path: PATH, fields: {}, cookie }, file);
  const drawn = { parent: 'AT', code: 'AT-vienna', name: 'Vienna', by: 'outline', parts: outline };
  const preview = async () => (await desk.send('/desk/regions', { ...drawn, do: 'preview' })).body;
  expect(await preview()).toContain('No postcode of Austria is known to lie in it');

  const wrong = await send('country,postcode,latitude,longitude\nAT,1010,48.2,16.4\nAT,1020,north,16.4\n');
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('Line 3: latitude and longitude are degrees');
  expect((await desk.open(PATH)).body).not.toContain('Austria');
  expect((await send()).body).toContain('Choose a file.');
  expect((await send(Buffer.from('504b0304ff', 'hex'))).body).toContain('The file cannot be read');

  const file = [
    geonames('1010', '48.21', '16.37'),
    geonames('1020', '48.22', '16.41'),
    geonames('8010', '47.07', '15.44'),
  ].join('\n');
  expect((await send(file)).statusCode).toBe(303);
  expect((await desk.open(PATH)).body).toMatch(/Austria<\/[^]*?>3</);
  expect(await preview()).toContain('2 known postcodes lie in it');

  // What went to postcodes in it, one of them as long as French ones are, and not what went elsewhere.
  await send([geonames('1010 CEDEX 12', '48.2', '16.35'), geonames('8011', '47.07', '15.44')].join('\n'));
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  for (const postcode of ['1010', '1010 Cedex 12', '8010']) {
    const { address, ...wish } = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1000 + 495);
    await placeOrder(placingDeps(db), GUEST, {
      ...wish,
      address: { ...address, countryCode: 'AT', postcode },
    });
  }
  const long = await preview();
  expect(long).toContain('3 known postcodes lie in it');
  expect(long).toMatch(/In the last 90 days: 2 orders,/);

  const geometry = JSON.parse(outline) as { type: 'Polygon'; coordinates: number[][][] };
  await inTransaction(db, async (tx) => {
    const plan = { by: 'outline' as const, outline: geometry };
    await addArea(tx, { code: 'AT-vienna', parentCode: 'AT', name: 'Vienna', plan });
  });
  expect(await regionOfAddress(db, 'AT', '1010')).toBe('AT-vienna');
  expect(await regionOfAddress(db, 'AT', '8010')).toBe('AT');
  const found = await desk.open('/desk/regions?country=at&postcode=1010');
  expect(found.body).toContain('It counts in Vienna.');
});

test('merchants see what is known and take nothing in', async ({ app, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await desk.open(PATH)).body).not.toContain('type="file"');
  const cookie = [...desk.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const refused = await aUpload(app, { path: PATH, fields: {}, cookie }, geonames('1010', '48.2', '16.4'));
  expect(refused.statusCode).toBe(403);
});

test('the API takes places in, tells how many changed, and refuses by name', async ({ app, deps }) => {
  const { jar } = await aSignedInBrowser(app, deps, ['operations']);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const put = (places: object[]) =>
    app.inject({ method: 'PUT', url: '/v1/market/postcodes', headers: { cookie }, payload: { places } });
  const place = { countryCode: 'CH', postcode: '8001', latitude: 47.37, longitude: 8.54 };
  expect((await put([place])).json()).toEqual({ changed: 1 });
  expect((await put([place])).json()).toEqual({ changed: 0 });
  expect((await put([{ ...place, countryCode: 'QQ' }])).json()).toMatchObject({
    type: '/problems/market.country_unknown',
    data: { countryCode: 'QQ' },
  });
  expect((await put([{ ...place, latitude: 91 }])).statusCode).toBe(400);
  const listed = await app.inject({ url: '/v1/market/postcodes', headers: { cookie } });
  expect(listed.json<{ countries: object[] }>().countries).toContainEqual({ countryCode: 'CH', count: 1 });
  expect((await app.inject('/v1/market/postcodes')).statusCode).toBe(401);
});
