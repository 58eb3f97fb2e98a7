import { Type } from 'typebox';
import { Id } from '#platform/schema.ts';

export const Moment = Type.String({ format: 'date-time' });
export const Cursor = Type.Union([Type.String(), Type.Null()], {
  description: 'for the next page; null on the last',
});
export const Visibility = Type.Enum(['public', 'unlisted', 'secret']);
const Picture = Type.Object({
  alt: Type.String(),
  sha256: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
  colour: Type.Union([Type.String(), Type.Null()]),
  files: Type.Array(Type.String(), { description: 'under /media/<sha256>/' }),
});
const PictureOrNone = Type.Union([Picture, Type.Null()], { description: 'null until it is made' });
const Person = Type.Object({
  memberId: Id,
  handle: Type.String(),
  name: Type.String(),
  bio: Type.String(),
  picture: Type.Union([Picture, Type.Null()]),
});
const Common = {
  id: Id,
  caption: Type.String(),
  visibility: Visibility,
  linkKey: Type.Union([Type.String(), Type.Null()], { description: 'of an unlisted one, for its owner' }),
  madeAt: Moment,
  owner: Type.Union([Person, Type.Null()]),
};
const Thousandth = Type.Integer({ minimum: 0, maximum: 1000 });

/** A place on a photo, in thousandths of its width and height, from its upper left. */
export const Spot = { x: Thousandth, y: Thousandth };

export const Post = Type.Object({
  ...Common,
  isShared: Type.Boolean({ description: 'it may stand on the pages of the products in it' }),
  isOwn: Type.Boolean(),
  state: Type.Enum(['draft', 'held', 'live', 'removed', 'deleted']),
  editedAt: Type.Union([Moment, Type.Null()]),
  photos: Type.Array(
    Type.Object({
      id: Id,
      alt: Type.String(),
      state: Type.Enum(['pending', 'ready', 'refused']),
      picture: PictureOrNone,
      products: Type.Array(Type.Object({ productId: Id, ...Spot })),
    }),
  ),
});

export const PostLines = Type.Object({
  posts: Type.Array(Type.Object({ ...Common, photoCount: Type.Integer(), picture: PictureOrNone })),
  cursor: Cursor,
});
