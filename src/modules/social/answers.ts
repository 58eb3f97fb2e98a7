import { Type } from 'typebox';
import { Id } from '#platform/schema.ts';

export const Moment = Type.String({ format: 'date-time' });
export const Cursor = Type.Union([Type.String(), Type.Null()], {
  description: 'for the next page; null on the last',
});

export const Picture = Type.Object({
  alt: Type.String(),
  sha256: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
  colour: Type.Union([Type.String(), Type.Null()]),
  files: Type.Array(Type.String(), { description: 'under /media/<sha256>/' }),
});

export const Person = Type.Object({
  memberId: Id,
  handle: Type.String(),
  name: Type.String(),
  bio: Type.String(),
  picture: Type.Union([Picture, Type.Null()]),
});

/** The key of an unlisted piece, as its link has it. */
export const LinkKey = Type.Optional(Type.String({ maxLength: 60, pattern: '^[A-Za-z0-9_-]+$' }));

/** The `cursor` of a page of comments. */
export const CommentCursor = Type.Optional(Type.String({ pattern: '^[0-9]{1,15}_[0-9a-f-]{36}$' }));
