import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { orderOf, returnById } from '#modules/orders/index.ts';
import { takeIn } from '#modules/till/index.ts';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { page, sendOn } from '../page.ts';
import { findHere, toRegister } from './register-here.ts';
import { showOrder, told } from './take-back-order.tsx';
import { TAKE_BACK } from './take-back-typed.ts';
import { broughtIn } from './take-in-form.tsx';

const Typed = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 200 }), {
  maxProperties: 1000,
});

/** What a buyer announced is taken in by its own return: no second one is made of the same goods. */
export const takeInPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const form = page(TILL, { params: exactly({ id: Id }), body: Typed });
  app.post(`${TAKE_BACK}/returns/:id`, form, async (request, reply) => {
    const { viewer, params, body } = request;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const announced = await returnById(db, params.id);
    const { id: requestId, orderId } = announced;
    await orderOf(db, viewer, orderId);
    const lines = broughtIn(body, announced);
    if ('status' in lines)
      return showOrder(db, request, reply, here, { orderId, announcedFault: { requestId, fault: lines } });
    try {
      const taking = { requestId, registerId: here.register.id, lines, memberId: viewer.memberId ?? '' };
      await inTransaction(db, (tx) => takeIn(tx, taking, now()));
    } catch (error) {
      const fault = { ...told(error), typed: body };
      return showOrder(db, request, reply, here, { orderId, announcedFault: { requestId, fault } });
    }
    return sendOn(reply, `${TAKE_BACK}/${requestId}`, 'till.back.done');
  });
};
