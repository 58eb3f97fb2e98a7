import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { AppError } from '#platform/errors.ts';
import { CarrierRefusal } from './carrier.ts';
import { easypostCarrier } from './easypost-carrier.ts';
import { checkSignature, deliveryEventIn } from './easypost-events.ts';

interface StandIn extends AsyncDisposable {
  apiUrl: string;
  calls: { path: string; body: unknown }[];
}

type Answer = (path: string, isBought: boolean) => { status: number; body: string } | 'silence' | undefined;

/** Speaks the part of EasyPost's API that we use, over HTTP. `misbehave` may answer in its place. */
async function standIn(misbehave: Answer = () => undefined): Promise<StandIn> {
  const calls: StandIn['calls'] = [];
  let isBought = false;
  const shipment = () => ({
    id: 'shp_1',
    object: 'Shipment',
    rates: [
      { id: 'rate_dear', object: 'Rate', rate: '12.40', carrier: 'DHL', service: 'Express' },
      { id: 'rate_cheap', object: 'Rate', rate: '5.10', carrier: 'PostNL', service: 'Standard' },
    ],
    tracking_code: isBought ? '3SSTOA1' : null,
    postage_label: isBought ? { label_url: 'https://labels.example/1.pdf' } : null,
    tracker: isBought ? { public_url: 'https://track.example/1' } : null,
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const path = `${request.method} ${request.url}`;
    calls.push({ path, body: text === '' ? undefined : JSON.parse(text) });
    if (path.endsWith('/buy')) isBought = true;
    const wrong = misbehave(path, isBought);
    if (wrong === 'silence') return void request.socket.destroy();
    const { status, body } = wrong ?? { status: 200, body: JSON.stringify(shipment()) };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/v2`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const place = { name: 'A', street: 'Long 1', postcode: '1011 AB', city: 'Amsterdam', countryCode: 'NL' };
const request = (carrierRef: string | null) => ({
  reference: 'ours:1',
  carrierRef,
  weightGrams: 800,
  from: { ...place, phone: '', email: '' },
  to: { ...place, name: 'B', phone: '', email: 'b@example.com' },
});
const carrierAt = ({ apiUrl }: StandIn) => easypostCarrier({ apiKey: 'EZTKtest', apiUrl });
const LABEL = {
  trackingNumber: '3SSTOA1',
  trackingUrl: 'https://track.example/1',
  labelUrl: 'https://labels.example/1.pdf',
};

test('announces the parcel, remembers it, and buys the cheapest label', async () => {
  await using easypost = await standIn();
  const remembered: string[] = [];
  const label = await carrierAt(easypost).label(request(null), async (ref) => void remembered.push(ref));
  expect(label).toEqual(LABEL);
  expect(remembered).toEqual(['shp_1']);
  expect(easypost.calls).toMatchObject([
    {
      path: 'POST /v2/shipments',
      body: { shipment: { reference: 'ours:1', parcel: { weight: 28.2 }, to_address: { zip: '1011 AB' } } },
    },
    { path: 'POST /v2/shipments/shp_1/buy', body: { rate: { id: 'rate_cheap' } } },
  ]);
});

test('a label whose answer was lost is looked up, not bought twice', async () => {
  let isLost = true;
  await using easypost = await standIn((path) => {
    if (!path.endsWith('/buy') || !isLost) return undefined;
    isLost = false;
    return 'silence';
  });
  const remembered: string[] = [];
  const remember = async (ref: string) => void remembered.push(ref);
  const failed = await carrierAt(easypost)
    .label(request(null), remember)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(failed).toBeInstanceOf(Error);
  expect(failed).not.toBeInstanceOf(CarrierRefusal);
  expect(await carrierAt(easypost).label(request(remembered[0] ?? null), remember)).toEqual(LABEL);
  expect(easypost.calls.map(({ path }) => path).filter((path) => path.endsWith('/buy'))).toHaveLength(1);
});

test('what it refuses is refused; a busy or broken EasyPost is asked again', async () => {
  const cases = [
    [422, '{"error":{"code":"ADDRESS.VERIFY.FAILURE","message":"no such street"}}', true],
    [429, '{"error":{"code":"RATE_LIMITED","message":"slow down"}}', false],
    [500, '{"error":{"code":"INTERNAL","message":"oops"}}', false],
    [200, '<html>maintenance</html>', false],
    [200, '{"id":"shp_1","rates":[{"rate":"1.00","id":"r"}]}', false],
  ] as const;
  for (const [status, body, isRefusal] of cases) {
    await using easypost = await standIn(() => ({ status, body }));
    const error: unknown = await carrierAt(easypost)
      .label(request(null), () => Promise.resolve())
      .catch((thrown: unknown) => thrown);
    expect([status, error instanceof Error, error instanceof CarrierRefusal]).toEqual([
      status,
      true,
      isRefusal,
    ]);
  }
});

test('believes what is signed, and reads what a tracker says', () => {
  const secret = 'a secret of the tests, long enough';
  const id = randomUUID();
  const event = {
    id,
    description: 'tracker.updated',
    result: {
      tracking_code: '3SSTOA1',
      status: 'delivered',
      tracking_details: [{ status: 'delivered', datetime: '2026-11-20T10:00:00Z' }],
    },
  };
  const body = Buffer.from(JSON.stringify(event));
  const signature = `hmac-sha256-hex=${createHmac('sha256', secret).update(body).digest('hex')}`;
  checkSignature(body, signature, secret);
  for (const wrong of [undefined, '', signature.slice(0, -1), `${signature.slice(0, -1)}g`])
    expect(() => checkSignature(body, wrong, secret)).toThrow(AppError);
  expect(() => checkSignature(Buffer.concat([body, Buffer.from(' ')]), signature, secret)).toThrow(AppError);

  const now = new Date('2026-11-21T00:00:00Z');
  expect(deliveryEventIn(body, now)).toEqual({
    carrier: 'easypost',
    id,
    trackingNumber: '3SSTOA1',
    kind: 'delivered',
    occurredAt: new Date('2026-11-20T10:00:00Z'),
    detail: 'delivered',
  });
  const about = (result: object) => Buffer.from(JSON.stringify({ ...event, result }));
  expect(
    deliveryEventIn(about({ tracking_code: 'X', status: 'delivered', updated_at: 'soon' }), now),
  ).toMatchObject({
    occurredAt: now,
  });
  for (const nonsense of [
    Buffer.from('nonsense'),
    Buffer.from('[]'),
    about({ status: 'delivered' }),
    about({ tracking_code: 'X', status: 'pre_transit' }),
  ])
    expect(deliveryEventIn(nonsense, now)).toBeUndefined();
});
