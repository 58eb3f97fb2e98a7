import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

test('an admin adds an address, sees its secret once, tries it and reads the log', async ({ app, deps }) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  const id = fieldOf((await admin.open('/desk/webhooks')).body, 'id') ?? '';
  const typed = { id, url: 'https://10.0.0.1/', description: 'Warehouse', active: 'yes' };
  const inside = await admin.send('/desk/webhooks', { ...typed, events: 'orders.order_placed.v1' });
  expect(inside.statusCode).toBe(422);
  expect(inside.body).toContain('leads into the network of this server');
  const none = await admin.send('/desk/webhooks', typed);
  expect(none.body).toContain('Choose one event at least.');

  const events = ['orders.order_placed.v1', 'fulfilment.shipped.v1'];
  const wish = { ...typed, url: 'https://1.1.1.1/hook', events };
  expect((await admin.send('/desk/webhooks', wish)).body).toMatch(/whsec_[A-Za-z0-9+/]{43}=/);
  const again = await admin.send('/desk/webhooks', wish);
  expect([again.statusCode, again.headers.location]).toEqual([303, `/desk/webhooks/${id}`]);

  const at = `/desk/webhooks/${id}`;
  expect((await admin.open(at)).body).toContain('Nothing here yet');
  expect((await admin.send(`${at}/ping`, {})).statusCode).toBe(303);
  const page = (await admin.open(at)).body;
  const [, deliveryId = ''] = /deliveries\/(\d+)"/.exec(page) ?? [];
  expect((await admin.open(`${at}/deliveries/${deliveryId}`)).body).toContain('webhooks.ping.v1');
  expect((await admin.send(`${at}/replay`, { delivery: deliveryId, since: '' })).statusCode).toBe(303);
  expect((await admin.send(`${at}/replay`, { delivery: 'since', since: 'soon' })).statusCode).toBe(422);
  expect((await admin.send(`${at}/secret`, {})).body).toMatch(/whsec_/);

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open(at)).statusCode).toBe(403);
});
