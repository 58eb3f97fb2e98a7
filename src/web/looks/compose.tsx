import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import {
  Colour,
  changeOf,
  complementsOf,
  dropChange,
  ITEMS_MAX,
  keepChange,
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
import { changedLook, type LookPage, lookPage } from '#read/look-page.ts';
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
  /** Of the look that is changed, where it is shown. */
  version: Type.Integer({ minimum: 0, maximum: 2_147_483_647, default: 0 }),
});

/** The composer, and the form that does without: both send the same. */
export const composePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { reads } = deps;
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
    const look = await lookPage(reads, { memberId }, id, currency.prices);
    if (!look.isOwn) throw lookErrors.look_not_yours({});
    const change = await changeOf(reads, memberId, id);
    const meant = change ? await changedLook(reads, look, change, currency.prices) : look;
    const chosen = meant.items.map(({ productId }) => productId);
    const composed = { ...composedOf(meant), isNew: false, changedAt: change?.keptAt };
    return show(request, composed, request.query.q, chosen)(reply);
  });

  const show =
    (request: FastifyRequest, composed: Composed, q: string, chosen: readonly string[]) =>
    async (reply: Parameters<typeof sendOn>[0]) => {
      const {
        viewer: { memberId = '' },
        currency,
      } = request;
      const things = await thingsFor(reads, memberId, q, currency.prices);
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
        ? await thingsOfIds(reads, await complementsOf(reads, placed), currency.prices)
        : await thingsFor(reads, memberId, q, currency.prices);
    return reply.send({ things: things.map(offered) });
  });

  await app.register(savingForms, deps);
};

/** By which a look is kept, shown, and brought back to what others see. */
const savingForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  app.post('/looks/:id/compose', page('member', { params, body: Body }), async (request, reply) => {
    const {
      viewer: { memberId = '', name = '' },
      params: { id },
      body,
    } = request;
    const { action, visibility } = body;
    // A draft that is kept as one works is no act of its own.
    const known = (await openAll(reads, { memberId }, [id])).get(id);
    if (!known || action === 'publish') await mayDo(deps, memberId, 'look');
    const isChange = action === 'draft' && known !== undefined && known.state !== 'draft';
    await inTransaction(db, async (tx) => {
      await ownProfile(tx, memberId, name, now());
      if (isChange) {
        const change = { ...wishOf(body), visibility, version: body.version };
        return keepChange(tx, memberId, id, change, now());
      }
      await saveLook(tx, memberId, id, wishOf(body), now());
      if (action === 'publish') await publishLook(tx, memberId, id, visibility, now());
    });
    if (wantsHtml(request)) {
      if (action === 'publish') return sendOn(reply, `/looks/${id}`, 'looks.published');
      return sendOn(reply, `/looks/${id}/compose`, isChange ? 'looks.change.kept' : 'looks.saved');
    }
    const look = await lookPage(db, { memberId }, id);
    const change = isChange ? await changeOf(db, memberId, id) : undefined;
    const { items } = change ? await changedLook(db, look, change) : look;
    return reply.send({ items: items.map(({ place, src }) => ({ place, src })) });
  });

  app.post(
    '/looks/:id/change/drop',
    page('member', { params, body: Type.Object({}) }),
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => dropChange(tx, memberId, id));
      return sendOn(reply, `/looks/${id}/compose`, 'looks.change.dropped');
    },
  );
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
  version: 0,
  changedAt: undefined,
  layout: { sceneId: null, scene: null, items: [], wordings: [] },
} as const;

function composedOf(look: LookPage): Omit<Composed, 'isNew' | 'changedAt'> {
  const { id, title, words, ground, visibility, state, items, wordings, scene, sceneId, products, version } =
    look;
  const file = scene?.files.find((each) => each.startsWith('960.')) ?? scene?.files[0];
  return {
    id,
    title,
    words,
    ground,
    visibility,
    isLive: state !== 'draft',
    version,
    layout: {
      sceneId,
      scene: scene && file ? `/media/${scene.sha256}/${file}` : null,
      items: items.map((item) => ({ ...item, title: products.get(item.productId)?.title ?? '' })),
      wordings,
    },
  };
}
