import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { variantIdsOfCodes } from '#modules/catalog/index.ts';
import { orderOf, returnableOf, returnsOf } from '#modules/orders/index.ts';
import { type ExchangeOffer, exchangeAtTill, quoteExchangeAtTill } from '#modules/till/index.ts';
import { TILL } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { scannedVariant } from '#read/scanned-variant.ts';
import { minorIn } from '../desk/stock-shell.tsx';
import { say, t } from '../messages.ts';
import { page, sendOn } from '../page.ts';
import { WANTED_CHARS_MAX } from './exchange-form.tsx';
import { findHere, toRegister } from './register-here.ts';
import { takenIn } from './take-back-form.tsx';
import { showOrder, told } from './take-back-order.tsx';
import { type FormFault, TAKE_BACK } from './take-back-typed.ts';

type Typed = Record<string, string>;
type Payments = Parameters<typeof exchangeAtTill>[1]['payments'];

const Body = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: WANTED_CHARS_MAX }), {
  maxProperties: 1000,
});
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Goods come back and others go in their place: priced first, and done only at the price that was shown. */
export const exchangePage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now, config }) => {
  const form = page(TILL, { params: exactly({ id: Id }), body: Body });
  app.post(`${TAKE_BACK}/orders/:id/exchange`, form, async (request, reply) => {
    const { viewer, params, body: typed } = request;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const orderId = params.id;
    await orderOf(db, viewer, orderId);
    const id = typed['id'] ?? '';
    // Sent twice, or again after a lost answer: then there is nothing left to price.
    if ((await returnsOf(db, orderId)).some((known) => known.id === id && known.exchange))
      return sendOn(reply, `${TAKE_BACK}/${id}`, 'till.swap.done');
    const again = (fault: FormFault) => showOrder(db, request, reply, here, { orderId, fault });
    const back = takenIn(typed, await returnableOf(db, orderId));
    if ('status' in back) return again(back);
    const wanted = await wantedIn(db, typed['wanted'] ?? '');
    if ('text' in wanted) return again({ status: 422, field: 'wanted', text: wanted.text, typed });
    const { refundTo } = back;
    const lines = back.lines.flatMap(({ found, ...line }) =>
      found === 'refuse' ? [] : [{ ...line, found }],
    );
    if (lines.length < back.lines.length)
      return again({ status: 422, text: say('till.swap.fault.kept'), typed });
    const { id: registerId, currency } = here.register;
    const offer: ExchangeOffer = {
      registerId,
      orderId,
      lines,
      wanted: wanted.lines,
      memberId: viewer.memberId ?? '',
    };
    try {
      const quote = await inTransaction(db, (tx) => quoteExchangeAtTill(tx, offer, now(), config.timeZone));
      const priced = { quote, names: wanted.names, typed };
      const isSeen = typed['act'] === 'exchange' && typed['to_pay'] === String(quote.toPayMinor);
      if (!isSeen || !IS_ID.test(id)) return await showOrder(db, request, reply, here, { orderId, priced });
      const payments = paymentsIn(typed, quote.toPayMinor, currency);
      if ('text' in payments) {
        const fault = { status: 422, ...payments, typed };
        return await showOrder(db, request, reply, here, { orderId, fault, priced });
      }
      const wish = { ...offer, id, refundTo, toPayMinor: quote.toPayMinor, payments };
      await inTransaction(db, (tx) => exchangeAtTill(tx, wish, now(), config.timeZone));
      return await sendOn(reply, `${TAKE_BACK}/${id}`, 'till.swap.done');
    } catch (error) {
      return again({ ...told(error), typed });
    }
  });
};

/** The things of a list of scanned codes, each as often as it stands there. */
async function wantedIn(
  db: Db,
  text: string,
): Promise<{ lines: ExchangeOffer['wanted']; names: string[] } | { text: string }> {
  const codes = text.split(/\s+/).filter((code) => code !== '');
  if (codes.length === 0) return { text: say('till.swap.fault.wanted') };
  const known = await variantIdsOfCodes(db, [...new Set(codes)]);
  const units = new Map<string, { code: string; quantity: number }>();
  for (const code of codes) {
    const variantId = known.get(code);
    if (variantId === undefined) return { text: t('till.scan.unknown', { code: code.slice(0, 60) }) };
    const quantity = (units.get(variantId)?.quantity ?? 0) + 1;
    if (quantity > 99) return { text: say('till.swap.fault.many') };
    units.set(variantId, { code, quantity });
  }
  const names: string[] = [];
  for (const { code, quantity } of units.values()) {
    const variant = await scannedVariant(db, code);
    names.push(`${quantity} × ${[variant?.title ?? code, ...(variant?.options ?? [])].join(' · ')}`);
  }
  return { lines: [...units].map(([variantId, { quantity }]) => ({ variantId, quantity })), names };
}

/** What is given beside the goods: all of it in cash, or all by card. */
function paymentsIn(
  typed: Typed,
  toPayMinor: number,
  currency: string,
): Payments | { field: string; text: string } {
  if (toPayMinor === 0) return [];
  if (typed['means'] === 'card') {
    const reference = (typed['reference'] ?? '').trim();
    if (!/^[^\p{C}]{1,60}$/u.test(reference))
      return { field: 'reference', text: say('till.swap.fault.reference') };
    return [{ kind: 'card', amountMinor: toPayMinor, reference }];
  }
  const text = (typed['tendered'] ?? '').trim();
  const tenderedMinor = text === '' ? toPayMinor : minorIn(text, currency);
  if (tenderedMinor === undefined || tenderedMinor < toPayMinor)
    return { field: 'tendered', text: say('till.swap.fault.tendered') };
  return [{ kind: 'cash', amountMinor: toPayMinor, tenderedMinor }];
}
