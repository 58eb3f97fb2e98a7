import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TSchema, Type } from 'typebox';
import { askedPrices, pricesAsked } from '#modules/catalog/index.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { FEED_KINDS } from '#read/feed-candidates.ts';
import type { FeedCard } from '#read/feed-cards.ts';
import { FRIENDS_CURSOR, friendsFeed, HOME_CURSOR, homeFeed, seedAt } from '#read/feed.ts';
import { SEARCH_KINDS, searchSocial } from '#read/social-search.ts';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const Named = Type.Object({ slug: Text, name: Text });
const Picture = orNull(
  Type.Object({
    alt: Text,
    sha256: Text,
    width: Type.Integer(),
    height: Type.Integer(),
    colour: orNull(Text),
    files: Type.Array(Text, { description: 'under /media/<sha256>/' }),
  }),
);
const Price = orNull(
  Type.Object({ amountMinor: Type.Integer(), currency: Currency, isFrom: Type.Boolean() }),
);
const Who = orNull(Type.Object({ memberId: Id, handle: Text, name: Text }));
const Cursor = orNull(Type.String({ description: 'for the next page; null on the last' }));
const Card = Type.Object({
  kind: Type.Enum([...FEED_KINDS]),
  pieceId: orNull(Id),
  pinId: orNull(Id),
  product: orNull(
    Type.Object({
      id: Id,
      slug: Text,
      title: Text,
      brand: orNull(Named),
      price: Price,
      inStock: Type.Boolean(),
    }),
  ),
  picture: Picture,
  title: Text,
  note: Text,
  stars: orNull(Type.Integer()),
  by: Who,
  board: orNull(Type.Object({ id: Id, name: Text })),
  why: Type.Object(
    {
      kind: Type.Enum(['like', 'viewed', 'person', 'board', 'suggested', 'popular', 'brand', 'topic']),
      slug: Type.Optional(Text),
      name: Type.Optional(Text),
      title: Type.Optional(Text),
    },
    { description: 'like: who saved that product saved this too' },
  ),
  less: Type.Object(
    {
      pieceId: orNull(Id),
      productId: orNull(Id),
      memberId: orNull(Id),
      brandId: orNull(Id),
      topicId: orNull(Id),
    },
    { description: 'what the caller can ask to see less of' },
  ),
});
const Page = Type.Object({ cards: Type.Array(Card), cursor: Cursor });

const cardOf = ({ card, ...more }: FeedCard) => ({
  ...more,
  product: card && {
    id: card.id,
    slug: card.slug,
    title: card.title,
    brand: card.brand,
    price: card.price,
    inStock: card.inStock,
  },
});

/** Here, since they join what social, boards and catalogue know. */
export const feedRoutes: FastifyPluginAsyncTypebox<Deps> = async (
  app,
  { reads, now, config: { keepSeconds } },
) => {
  app.get(
    '/v1/feed',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'homeFeed',
        summary: 'What the caller may like, each card with why it is here; a guest gets what is popular',
        tags: ['feed'],
        querystring: exactly({
          cursor: Type.Optional(Type.String({ pattern: HOME_CURSOR.source })),
          ...askedPrices,
        }),
        response: { 200: Page },
      },
    },
    async ({ viewer: { memberId }, query }) => {
      const { cards, cursor } = await homeFeed(reads, memberId, {
        cursor: query.cursor,
        prices: await pricesAsked(reads, query),
        seed: seedAt(now()),
        keepSeconds,
      });
      return { cards: cards.map(cardOf), cursor };
    },
  );

  app.get(
    '/v1/feed/friends',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'friendsFeed',
        summary: 'What the people whom the caller follows made, the latest first, and nothing else',
        tags: ['feed'],
        querystring: exactly({
          cursor: Type.Optional(Type.String({ pattern: FRIENDS_CURSOR.source })),
          ...askedPrices,
        }),
        response: { 200: Page, ...problems(platformErrors.sign_in_required, platformErrors.not_allowed) },
      },
    },
    async ({ viewer: { memberId = '' }, query }) => {
      const { cards, cursor } = await friendsFeed(reads, memberId, {
        cursor: query.cursor,
        prices: await pricesAsked(reads, query),
      });
      return { cards: cards.map(cardOf), cursor };
    },
  );
  await app.register(searchRoute, { reads });
};

const searchRoute: FastifyPluginAsyncTypebox<Pick<Deps, 'reads'>> = async (app, { reads }) => {
  app.get(
    '/v1/feed/search',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'searchSocial',
        summary: 'Boards, looks, posts or people by their words, as the caller may find them',
        tags: ['feed'],
        querystring: exactly({
          q: Type.String({ minLength: 1, maxLength: 200 }),
          kind: Type.Enum([...SEARCH_KINDS]),
          cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
        }),
        response: {
          200: Type.Object({
            found: Type.Array(Type.Object({ id: Id, name: Text, text: Text, by: Who })),
            cursor: orNull(Type.Integer()),
          }),
        },
      },
    },
    ({ viewer: { memberId }, query: { q, kind, cursor } }) =>
      searchSocial(reads, memberId, { words: q, kind, offset: cursor ?? 0 }),
  );
};
