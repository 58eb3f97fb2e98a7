import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const postErrors = defineErrors('posts', {
  photos_missing: { status: 422, title: 'A post has at least one photo', data: None },
  photos_too_many: {
    status: 422,
    title: 'That is more photos than a post has',
    data: Type.Object({ max: Type.Integer() }),
  },
  photo_taken: { status: 409, title: 'A photo stands in one post only', data: None },
  photo_undescribed: {
    status: 422,
    title: 'Some photos say nothing to those who can’t see them',
    data: Type.Object({ photoIds: Type.Array(Type.String()) }),
  },
  photo_broken: {
    status: 422,
    title: 'Some photos could not be read as pictures',
    data: Type.Object({ photoIds: Type.Array(Type.String()) }),
  },
  product_not_found: { status: 404, title: 'There is no such product', data: None },
  hotspots_too_many: {
    status: 409,
    title: 'That is as many products as a photo shows',
    data: Type.Object({ max: Type.Integer() }),
  },
});
