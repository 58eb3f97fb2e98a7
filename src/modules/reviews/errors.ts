import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const reviewErrors = defineErrors('reviews', {
  product_not_found: { status: 404, title: 'There is no such product in the shop', data: None },
  review_not_found: { status: 404, title: 'There is no such review', data: None },
  already_reviewed: { status: 409, title: 'What you bought of it is reviewed already', data: None },
  only_buyers: { status: 403, title: 'Only who bought it here reviews it', data: None },
  mark_unknown: {
    status: 422,
    title: 'That is not asked of this product',
    data: Type.Object({ code: Type.String() }),
  },
  own_words: { status: 403, title: 'One does not vote on one’s own words', data: None },
  not_votable: { status: 404, title: 'There is nothing here to vote on', data: None },
  not_answerable: { status: 404, title: 'There is nothing here to answer', data: None },
  not_their_brand: { status: 403, title: 'Only its maker says that', data: None },
  not_a_maker: { status: 422, title: 'That is no organization that makes things', data: None },
  brand_not_found: { status: 404, title: 'There is no such brand', data: None },
  speaks_already: { status: 409, title: 'They speak for that brand already', data: None },
  voice_not_found: { status: 404, title: 'Nobody was let speak under that id', data: None },
  aspect_invalid: {
    status: 422,
    title: 'A dimension has two ends, a trait two answers or more, each once',
    data: None,
  },
  aspect_taken: { status: 409, title: 'The category has one of that code', data: None },
});
