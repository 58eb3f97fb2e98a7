import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import {
  listedPrices,
  type PriceList,
  priceListOf,
  priceLists,
  putPriceList,
  setPrices,
} from '#modules/catalog/index.ts';
import { actorOf } from '#modules/identity/index.ts';
import { regionsWithoutAddresses } from '#modules/market/index.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { t } from '../messages.ts';
import { page, sendOn } from '../page.ts';
import {
  blankList,
  ListBody,
  type ListErrors,
  listErrorsOf,
  listOf,
  Plain,
  typedOfList,
} from './price-form.ts';
import { ListPage, type ListView, NewListPage } from './price-list-view.tsx';
import { priceLine, pricesCsv } from './price-sheet.ts';
import { PRICE_WRITERS, PRICES, stateOf } from './prices.tsx';
import { addressOf } from './stock-query.ts';

const SHOWN = 50;
const Params = exactly({ id: Id });
const Query = exactly({ q: Plain(100), after: Type.Optional(Plain(64)) });
const PriceBody = exactly({
  sku: Plain(200),
  amount: Plain(60),
  before: Plain(60),
  q: Plain(100),
  after: Type.Optional(Plain(64)),
});

async function showList(
  { db, now, config }: Deps,
  reply: FastifyReply,
  list: PriceList,
  query: Static<typeof Query>,
  more: Partial<ListView> = {},
) {
  const found = await listedPrices(db, list.id, { like: query.q, after: query.after, limit: SHOWN + 1 });
  const prices = found.slice(0, SHOWN);
  const view: ListView = {
    list,
    typed: typedOfList(list, config.timeZone),
    errors: {},
    prices,
    query,
    next: found.length > SHOWN ? prices.at(-1)?.sku : undefined,
    canEnd: stateOf(list, now()) === 'on',
    nowhere: await regionsWithoutAddresses(db, [list.marketCode]),
    ...more,
  };
  return reply.page((about) => <ListPage page={about} view={view} />);
}

/** A price list: what it is, and since when. */
export const priceListPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const { timeZone } = config;
  app.get(`${PRICES}/new`, page(PRICE_WRITERS), async (_request, reply) =>
    reply.page((about) => <NewListPage page={about} id={newId()} typed={blankList} errors={{}} />),
  );

  const reading = page(PRICE_WRITERS, { params: Params, querystring: Query });
  app.get(`${PRICES}/:id`, reading, async ({ params: { id }, query }, reply) =>
    showList(deps, reply, await priceListOf(db, id), query),
  );

  const writing = page(PRICE_WRITERS, { params: Params, body: ListBody });
  app.post(`${PRICES}/:id`, writing, async ({ params: { id }, body: typed, viewer }, reply) => {
    const known = (await priceLists(db)).find((each) => each.id === id);
    const { list, errors = {} } = listOf(typed, { timeZone, now: now(), known });
    const refused = (status: number, told: ListErrors) =>
      known
        ? showList(deps, reply.code(status), known, { q: '' }, { typed, errors: told })
        : reply
            .code(status)
            .page((about) => <NewListPage page={about} id={id} typed={typed} errors={told} />);
    if (!list) return refused(422, errors);
    try {
      await inTransaction(db, (tx) => putPriceList(tx, actorOf(viewer), id, list));
    } catch (error) {
      const told = listErrorsOf(error);
      if (!told) throw error;
      return refused(told.market === undefined ? 409 : 422, told);
    }
    return sendOn(reply, `${PRICES}/${id}`, 'desk.prices.list.saved');
  });

  app.post(
    `${PRICES}/:id/end`,
    page(PRICE_WRITERS, { params: Params }),
    async ({ params: { id }, viewer }, reply) => {
      await inTransaction(db, async (tx) => {
        const list = await priceListOf(tx, id);
        if (stateOf(list, now()) !== 'on') return; // ended before: a retry
        await putPriceList(tx, actorOf(viewer), id, { ...list, validTo: now() });
      });
      return sendOn(reply, `${PRICES}/${id}`, 'desk.prices.list.has_ended');
    },
  );
};

/** The prices of a list: one set by its form, and all of them as a sheet. */
export const listedPricePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const pricing = page(PRICE_WRITERS, { params: Params, body: PriceBody });
  app.post(`${PRICES}/:id/price`, pricing, async ({ params: { id }, body, viewer }, reply) => {
    const list = await priceListOf(db, id);
    const query = { q: body.q, ...(body.after !== undefined && { after: body.after }) };
    const { price, why } = priceLine(body.sku.trim(), body.amount, body.before, list.currency);
    if (why.length > 0)
      return showList(deps, reply.code(422), list, query, { wrong: { price: body, why: why.join(' ') } });
    const [told] = await inTransaction(db, (tx) =>
      setPrices(tx, actorOf(viewer), id, [price], { now: now() }),
    );
    if (told?.refusal) {
      const refusal = t(`desk.prices.refusal.${told.refusal}`, { sku: price.sku });
      return showList(deps, reply.code(409), list, query, { wrong: { price: body, why: refusal } });
    }
    return sendOn(reply, `${addressOf(`${PRICES}/${id}`, query)}#prices`, 'desk.prices.set.done');
  });

  app.get(
    `${PRICES}/:id/prices.csv`,
    page(PRICE_WRITERS, { params: Params }),
    async ({ params: { id } }, reply) => {
      const list = await priceListOf(db, id);
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="prices-${list.currency}.csv"`);
      return reply.send(Readable.from(pricesCsv(db, list)));
    },
  );
};
