import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { marketsAt, searchProducts, tillItemsOf, variantIdsOfCodes } from '#modules/catalog/index.ts';
import {
  type ExchangeQuote,
  isMembers,
  type Order,
  orderOf,
  returnableOf,
  returnsOf,
} from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { askReturn } from '../ask-return.ts';
import { t } from '../messages.ts';
import { page, sendOn } from '../page.ts';
import { type Errors, type Offered, offeredFor, otherOf, type Typed, wishIn } from '../return-wish.ts';
import { RETURN_STARTERS, StartPage } from './start-return-form.tsx';

const Params = exactly({ id: Id });
/** One field for each line and for each thing that was found: their names are not known before, lengths are. */
const Body = Type.Intersect([
  Type.Object({ requestId: Id }),
  Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 4000 }), { maxProperties: 500 }),
]);
const OTHER = /^other_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const OTHERS_MAX = 20;
const REFERENCE_MAX = 100;

interface Asked {
  id: string;
  requestId: string;
  typed: Typed;
}

interface Answer {
  errors?: Errors;
  quote?: ExchangeQuote | undefined;
  isChanged?: boolean;
}

/** Where those who serve buyers begin a return, a claim or an exchange for one of them. */
export const startReturnPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const path = '/desk/orders/:id/return';
  app.get(path, page(RETURN_STARTERS, { params: Params }), async ({ params: { id } }, reply) =>
    show(deps, reply, { id, requestId: newId(), typed: {} }, {}),
  );

  const posted = page(RETURN_STARTERS, { params: Params, body: Body });
  app.post(path, posted, async ({ viewer, params: { id }, body }, reply) =>
    start(deps, reply, viewer, askedIn(id, body as Posted)),
  );

  // From the same form, so that what was typed comes along.
  app.post(`${path}/goods`, posted, async ({ viewer, params: { id }, body }, reply) => {
    const { typed, ...asked } = askedIn(id, body as Posted);
    const found = await lookFor(deps, await orderOf(deps.db, viewer, id), typed['other'] ?? '');
    const errors: Errors = found.length === 0 ? { other: t('desk.start.find.none') } : {};
    const others = Object.fromEntries(found.map((variantId) => [otherOf(variantId), '0']));
    const together = { ...others, ...typed, other: found.length === 0 ? (typed['other'] ?? '') : '' };
    return show(deps, reply.code(found.length === 0 ? 422 : 200), { ...asked, typed: together }, { errors });
  });
};

type Posted = Typed & { requestId: string };

function askedIn(id: string, { requestId, ...typed }: Posted): Asked {
  return { id, requestId, typed };
}

async function lookFor(
  { db, reads, now }: Deps,
  { currency, address }: Order,
  text: string,
): Promise<string[]> {
  const words = text.trim().slice(0, REFERENCE_MAX);
  if (words === '') return [];
  const variantIds = [...(await variantIdsOfCodes(db, [words])).values()];
  const { cards } = variantIds.length > 0 ? { cards: [] } : await searchProducts(reads, { words, limit: 5 });
  const productIds = cards.map(({ id }) => id);
  const soldIn = { currency, markets: await marketsAt(db, address ?? undefined) };
  const items = await tillItemsOf(db, { variantIds, productIds }, soldIn, now());
  return items.slice(0, OTHERS_MAX).map(({ variantId }) => variantId);
}

/** What can come back of the order, and what there is for it. */
async function offeredOf(
  { db, now }: Deps,
  { id, currency, address }: Order,
  typed: Typed,
): Promise<Offered> {
  const lines = (await returnableOf(db, id)).filter(({ left }) => left > 0);
  const others = Object.keys(typed).flatMap((name) => OTHER.exec(name)?.[1] ?? []);
  return offeredFor(db, lines, {
    currency,
    at: address,
    now: now(),
    others: others.slice(0, 2 * OTHERS_MAX),
  });
}

async function start(deps: Deps, reply: FastifyReply, viewer: Viewer, asked: Asked) {
  const { id, requestId, typed } = asked;
  const order = await orderOf(deps.db, viewer, id);
  const done = `/desk/returns/${requestId}`;
  if ((await returnsOf(deps.db, id)).some((each) => each.id === requestId))
    return sendOn(reply, done, 'desk.start.done');
  const { wish, errors } = wishIn(typed, await offeredOf(deps, order, typed));
  if (errors) return show(deps, reply.code(422), asked, { errors });
  const paying = (toPayMinor: number) => {
    const reference = (typed['reference'] ?? '').trim();
    if (toPayMinor === 0) return {};
    const isNamed = reference !== '' && reference.length <= REFERENCE_MAX && !/\p{Cc}/u.test(reference);
    return isNamed ? { paidElsewhere: reference } : { errors: { reference: t('swap.fault.reference') } };
  };
  const about = { requestId, orderId: id, touchpoint: 'service', cartId: undefined };
  const answer = await askReturn(deps, viewer, { ...about, typed, wish, paying });
  if (answer.state === 'done') return sendOn(reply, done, 'desk.start.done');
  const status = answer.state === 'refused' ? answer.status : answer.isChanged ? 409 : 200;
  return show(deps, reply.code(status), asked, answer);
}

async function show(deps: Deps, reply: FastifyReply, asked: Asked, answer: Answer) {
  const { id, requestId, typed } = asked;
  const order = await orderOf(deps.db, reply.request.viewer, id);
  const view = {
    order: { id, number: order.number, currency: order.currency },
    requestId,
    typed,
    offered: await offeredOf(deps, order, typed),
    mayHaveCredit: await isMembers(deps.db, id),
    errors: answer.errors ?? {},
    quote: answer.quote,
    isChanged: answer.isChanged ?? false,
  };
  return reply.page((about) => <StartPage page={about} view={view} />);
}
