import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const lookErrors = defineErrors('looks', {
  look_not_yours: { status: 403, title: 'Only who made this look may do that', data: None },
  product_not_found: {
    status: 404,
    title: 'One of the products is not there',
    data: Type.Object({ productId: Type.String() }),
  },
  look_empty: { status: 422, title: 'A look shows a product at least', data: None },
  look_changed: { status: 409, title: 'The look was shown anew since you began to change it', data: None },
  title_missing: { status: 422, title: 'A look has a title', data: None },
  scene_not_found: { status: 404, title: 'There is no such photo of yours', data: None },
  swap_answered: { status: 409, title: 'That was answered already', data: None },
});
