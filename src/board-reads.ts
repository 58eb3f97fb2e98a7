import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TSchema, Type } from 'typebox';
import { socialErrors } from '#modules/social/index.ts';
import { askedPrices, pricesAsked } from '#modules/catalog/index.ts';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { boardPage, type PinCard } from '#read/board-page.ts';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const Person = Type.Object({ memberId: Id, handle: Text, name: Text });
const Pin = Type.Object({
  id: Id,
  kind: Type.Enum(['product', 'piece', 'photo', 'link']),
  sectionId: orNull(Id),
  note: Text,
  title: Text,
  product: orNull(Type.Object({ id: Id, slug: Text, title: Text, inStock: Type.Boolean() })),
  piece: orNull(Type.Object({ id: Id, kind: Text })),
  url: orNull(Text),
  picture: orNull(
    Type.Object({
      alt: Text,
      sha256: Text,
      width: Type.Integer(),
      height: Type.Integer(),
      files: Type.Array(Text, { description: 'under /media/<sha256>/' }),
    }),
  ),
  from: orNull(Type.Object({ boardId: Id, name: Text, handle: Text, owner: Text })),
});

const pinOf = ({ id, kind, sectionId, note, card, piece, link, picture, from }: PinCard) => ({
  id,
  kind,
  sectionId,
  note,
  title: card?.title ?? piece?.title ?? link?.title ?? '',
  product: card && { id: card.id, slug: card.slug, title: card.title, inStock: card.inStock },
  piece,
  url: link?.url ?? null,
  picture,
  from,
});

/** A board with what is on it, by pages. Here, since it joins what social, boards and catalogue know. */
export const boardReads: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get(
    '/v1/boards/boards/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readBoard',
        summary: 'A board that the caller may open, with 60 of its pins in their order',
        tags: ['boards'],
        params: exactly({ id: Id }),
        querystring: exactly({
          key: Type.Optional(
            Type.String({ maxLength: 60, description: 'of an unlisted board, as in its link' }),
          ),
          section: Type.Optional(Id),
          cursor: Type.Optional(Type.String({ pattern: '^-?[0-9.]{1,60}_[0-9a-f-]{36}$' })),
          ...askedPrices,
        }),
        response: {
          200: Type.Object({
            id: Id,
            name: Text,
            description: Text,
            visibility: Type.Enum(['public', 'unlisted', 'secret']),
            owner: orNull(Person),
            makers: Type.Array(Person),
            sections: Type.Array(Type.Object({ id: Id, name: Text })),
            pinCount: Type.Integer(),
            followers: Type.Integer(),
            pins: Type.Array(Pin),
            cursor: orNull(Type.String({ description: 'for the next page; null on the last' })),
          }),
          ...problems(socialErrors.piece_not_found),
        },
      },
    },
    async ({ viewer: { memberId }, params: { id }, query: { key, section, cursor, ...asked } }) => {
      const prices = await pricesAsked(reads, asked);
      const board = await boardPage(reads, { memberId, key }, id, { section, cursor, prices });
      return { ...board, pins: board.pins.map(pinOf) };
    },
  );
};
