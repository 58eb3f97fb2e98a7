import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import {
  Colour,
  complementsOf,
  ITEMS_MAX,
  laidOut,
  Layout,
  lookErrors,
  type LookItem,
  type LookWish,
  publishLook,
  saveLook,
  TITLE_MAX,
  type Wording,
  WORDS_MAX,
} from '#modules/looks/index.ts';
import { mayDo, openAll, ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type Thing, thingsFor, thingsOfIds } from '#read/compose-things.ts';
import { type LookPage, lookPage } from '#read/look-page.ts';
import { page, sendOn, Text, wantsHtml } from '../page.ts';
import { type Composed, ComposePage, type OfferedThing } from './compose-form.tsx';

const params = Type.Object({ id: Id });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LAYOUT_MAX = 20_000;

const Body = Type.Object({
  title: Text(TITLE_MAX),
  words: Text(WORDS_MAX),
  ground: Colour,
  visibility: Type.Enum(['public', 'unlisted', 'secret']),
  layout: Text(LAYOUT_MAX),
  product: Type.Array(Id, { maxItems: ITEMS_MAX, default: [] }),
  action: Type.Enum(['draft', 'publish']),
});

/** The composer, and the form that does without: both send the same. */
export const composePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const Search = Type.Object({ q: Text(100), product: Type.Optional(Id) });

  app.get('/looks/new', page('member', { querystring: Search }), async (request, reply) => {
    const { q, product } = request.query;
    const composed = { ...NEW, id: newId(), isNew: true };
    return show(request, composed, q, product ? [product] : [])(reply);
  });

  app.get('/looks/:id/compose', page('member', { params, querystring: Search }), async (request, reply) => {
    const {
      viewer: { memberId = '' },
      params: { id },
      currency,
    } = request;
    const look = await lookPage(reads, { memberId }, id, currency.beside);
    if (!look.isOwn) throw lookErrors.look_not_yours({});
    const chosen = look.items.map(({ productId }) => productId);
    return show(request, { ...composedOf(look), isNew: false }, request.query.q, chosen)(reply);
  });

  const show =
    (request: FastifyRequest, composed: Composed, q: string, chosen: readonly string[]) =>
    async (reply: Parameters<typeof sendOn>[0]) => {
      const {
        viewer: { memberId = '' },
        currency,
      } = request;
      const things = await thingsFor(reads, memberId, q, currency.beside);
      return reply.page((about) => (
        <ComposePage page={about} composed={composed} things={things} q={q} chosen={chosen} />
      ));
    };

  const Things = Type.Object({ q: Text(100), beside: Text(37 * ITEMS_MAX) });
  app.get('/looks/things', page('member', { querystring: Things }), async (request, reply) => {
    const {
      viewer: { memberId = '' },
      query: { q, beside },
      currency,
    } = request;
    const placed = beside.split(',').filter((each) => UUID.test(each));
    const things =
      placed.length > 0
        ? await thingsOfIds(reads, await complementsOf(reads, placed), currency.beside)
        : await thingsFor(reads, memberId, q, currency.beside);
    return reply.send({ things: things.map(offered) });
  });

  app.post('/looks/:id/compose', page('member', { params, body: Body }), async (request, reply) => {
    const {
      viewer: { memberId = '', name = '' },
      params: { id },
      body,
    } = request;
    const { action, visibility } = body;
    // A draft that is kept as one works is no act of its own.
    const isNew = !(await openAll(reads, { memberId }, [id])).has(id);
    if (isNew || action === 'publish') await mayDo(deps, memberId, 'look');
    await inTransaction(db, async (tx) => {
      await ownProfile(tx, memberId, name, now());
      await saveLook(tx, memberId, id, wishOf(body), now());
      if (action === 'publish') await publishLook(tx, memberId, id, visibility, now());
    });
    if (wantsHtml(request))
      return action === 'publish'
        ? sendOn(reply, `/looks/${id}`, 'looks.published')
        : sendOn(reply, `/looks/${id}/compose`, 'looks.saved');
    const look = await lookPage(db, { memberId }, id);
    return reply.send({ items: look.items.map(({ place, src }) => ({ place, src })) });
  });
};

/** Laid out by hand, or by the template where there is no script. */
function wishOf({
  title,
  words,
  ground,
  layout,
  product,
}: {
  title: string;
  words: string;
  ground: string;
  layout: string;
  product: readonly string[];
}): LookWish {
  const base = { title, words, ground };
  if (layout === '') return { ...base, sceneId: null, items: laidOut(product), wordings: [] };
  let sent: unknown;
  try {
    sent = JSON.parse(layout);
  } catch {
    throw lookErrors.look_empty({});
  }
  if (!Value.Check(Layout, sent)) throw lookErrors.look_empty({});
  const { sceneId, items, wordings } = sent;
  return { ...base, sceneId, items: items as LookItem[], wordings: wordings as Wording[] };
}

export const offered = ({ card, whole, cut, ratio }: Thing): OfferedThing => ({
  id: card.id,
  title: card.title,
  whole,
  cut,
  ratio: Math.round(ratio * 1000) / 1000,
});

const NEW = {
  title: '',
  words: '',
  ground: '#efe8db',
  visibility: 'public',
  isLive: false,
  layout: { sceneId: null, scene: null, items: [], wordings: [] },
} as const;

function composedOf(look: LookPage): Omit<Composed, 'isNew'> {
  const { id, title, words, ground, visibility, state, items, wordings, scene, sceneId, products } = look;
  const file = scene?.files.find((each) => each.startsWith('960.')) ?? scene?.files[0];
  return {
    id,
    title,
    words,
    ground,
    visibility,
    isLive: state === 'live',
    layout: {
      sceneId,
      scene: scene && file ? `/media/${scene.sha256}/${file}` : null,
      items: items.map((item) => ({ ...item, title: products.get(item.productId)?.title ?? '' })),
      wordings,
    },
  };
}
