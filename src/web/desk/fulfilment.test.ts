import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aPlacedOrder, aSpreadVariant, levelOf, partsOf } from '#modules/fulfilment/factory.ts';
import { fulfilmentOrderById } from '#modules/fulfilment/index.ts';
import { carrierService, locationService } from '#read/service-levels.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const inAnHour = () => new Date(Date.now() + 3_600_000);

test('operations takes an order from its queue to the carrier', async ({
  app,
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [9], { name: 'Delft' });
  const orderId = await aPlacedOrder(db, { [variantId]: 4 });
  const [part] = await partsOf(db, orderId);
  const [id = '', locationId = ''] = [part?.id, locationIds[0]];
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  expect((await desk.open('/desk/fulfilment')).body).toContain(`href="/desk/fulfilment/${id}"`);
  const path = `/desk/fulfilment/${id}`;
  for (const state of ['accepted', 'picked', 'packed']) {
    const { body } = await desk.open(path);
    expect(fieldOf(body, 'state')).toBe(state);
    if (state === 'picked') {
      const list = (await desk.open(`/desk/fulfilment/pick/store-${locationId}`)).body;
      expect(list).toContain(variantId); // its SKU
    }
    const stepId = fieldOf(body, 'stepId') ?? '';
    expect((await desk.send(`${path}/step`, { stepId, state })).statusCode).toBe(303);
  }
  const shipmentId = fieldOf((await desk.open(path)).body, 'shipmentId') ?? '';
  const wrong = await desk.send(`${path}/shipment`, {
    shipmentId,
    carrier: 'manual',
    tracking: '',
    weight: '900',
  });
  expect([wrong.statusCode, wrong.body.includes('Type the number')]).toEqual([422, true]);
  const sent = await desk.send(`${path}/shipment`, {
    shipmentId,
    carrier: 'manual',
    tracking: '3SDELFT',
    weight: '900',
  });
  expect(sent.statusCode).toBe(303);
  expect(await levelOf(db, variantId, locationId)).toMatchObject({ onHand: 5, allocated: 0 });
  expect((await desk.open(path)).body).toContain(`/v1/fulfilment/shipments/${shipmentId}/label`);
  expect((await desk.open(`/orders/${orderId}`)).body).toContain('3SDELFT');
  const late = await desk.send(`${path}/step`, { stepId: randomUUID(), state: 'accepted' });
  expect([late.statusCode, late.body.includes('it is “Shipped” now')]).toEqual([409, true]);
  await work();

  const period = { from: new Date(Date.now() - 3_600_000), to: inAnHour(), now: inAnHour() };
  const places = await locationService(deps.reads, period);
  expect(places.find((level) => level.id === locationId)).toMatchObject({
    kind: 'store',
    parts: 1,
    fillRate: 1,
    rejectionRate: 0,
    onTime: null,
  });
  expect(await carrierService(deps.reads, period)).toMatchObject([{ id: 'manual', parts: 1 }]);
  expect((await desk.open('/desk/service')).body).toContain('Delft');
});

test('what is given back in the form is offered to another location, or waits', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [3]);
  const [part] = await partsOf(db, await aPlacedOrder(db, { [variantId]: 3 }));
  const [id = '', line = ''] = [part?.id, part?.lines[0]?.orderLineId];
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const path = `/desk/fulfilment/${id}`;
  const rejectionId = fieldOf((await desk.open(path)).body, 'rejectionId') ?? '';
  const form = {
    rejectionId,
    [`units_${line}`]: '2',
    [`reason_${line}`]: 'mismatch',
    [`counted_${line}`]: '',
  };
  const refused = await desk.send(`${path}/rejection`, form);
  expect([refused.statusCode, refused.body.includes('Say how many units')]).toEqual([422, true]);
  expect((await desk.send(`${path}/rejection`, { ...form, [`units_${line}`]: '4' })).statusCode).toBe(422);
  expect((await desk.send(`${path}/rejection`, { ...form, [`counted_${line}`]: '1' })).statusCode).toBe(303);
  expect((await fulfilmentOrderById(db, id)).lines).toMatchObject([{ rejected: 2, remaining: 1 }]);
  expect(await levelOf(db, variantId, locationIds[0] ?? '')).toMatchObject({ onHand: 1, allocated: 1 });
  const { body } = await desk.open('/desk/fulfilment');
  const [, waiting] = /action="(\/desk\/fulfilment\/unfillable\/[^"]+)"/.exec(body) ?? [];
  expect((await desk.send(waiting ?? '', {})).statusCode).toBe(303);
  const all = await desk.send('/desk/fulfilment/unfillable', {});
  expect([all.statusCode, all.headers.location]).toEqual([303, '/desk/fulfilment']);
  const period = { from: new Date(Date.now() - 3_600_000), to: inAnHour(), now: inAnHour() };
  const places = await locationService(deps.reads, period);
  expect(places.find((level) => level.id === locationIds[0])).toMatchObject({
    fillRate: 0,
    rejectionRate: 1,
  });
});

test('others of the staff see and do not touch', async ({ app, db, databaseUrl, deps }) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const [part] = await partsOf(db, await aPlacedOrder(db, { [variantId]: 3 }));
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const path = `/desk/fulfilment/${part?.id}`;
  const { statusCode, body } = await merchant.open(path);
  expect([statusCode, fieldOf(body, 'stepId')]).toEqual([200, undefined]);
  const tried = await merchant.send(`${path}/step`, { stepId: randomUUID(), state: 'accepted' });
  expect(tried.statusCode).toBe(403);
  expect((await merchant.send('/desk/fulfilment/unfillable', {})).statusCode).toBe(403);
});
