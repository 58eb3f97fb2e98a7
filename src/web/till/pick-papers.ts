import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { fulfilmentErrors, printLabels, printSlip } from '#modules/fulfilment/index.ts';
import { TILL } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { page } from '../page.ts';
import { mayPrint, partHere, shipmentOf } from './part-here.ts';
import { toRegister } from './register-here.ts';

/** The slip and the labels of what this store sends, for those who pack it: whatever their role, and of nothing else. */
export const pickPapers: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  const Params = exactly({ id: Id });
  app.get('/till/pick/:id/packing-slip', page(TILL, { params: Params }), async (request, reply) => {
    const at = await partHere(db, request);
    if (!at) return toRegister(request, reply);
    const { part, here } = at;
    const { id: fulfilmentOrderId } = part;
    if (!mayPrint(part, here.store.id))
      throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId });
    return reply.type('application/pdf').send(await printSlip(db, part.id, config.shopName));
  });

  app.get('/till/pick/:id/label', page(TILL, { params: Params }), async (request, reply) => {
    const at = await partHere(db, request);
    if (!at) return toRegister(request, reply);
    const { part, here } = at;
    const shipment = mayPrint(part, here.store.id) ? await shipmentOf(db, part) : undefined;
    if (!shipment) throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId: part.id });
    return reply.type('application/pdf').send(await printLabels(db, shipment.id));
  });
};
