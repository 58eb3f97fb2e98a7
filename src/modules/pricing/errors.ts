import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const Id = Type.Object({ promotionId: Type.String() });

export const pricingErrors = defineErrors('pricing', {
  promotion_not_found: { status: 404, title: 'There is no such promotion', data: Id },
  promotion_ended: { status: 409, title: 'The promotion has ended: make a new one', data: Id },
  code_taken: {
    status: 409,
    title: 'Another promotion has this code at the same time',
    data: Type.Object({ code: Type.String() }),
  },
  currency_unknown: {
    status: 422,
    title: 'There is no such currency',
    data: Type.Object({ currency: Type.String() }),
  },
  currency_missing: { status: 422, title: 'An amount needs its currency', data: Type.Object({}) },
  currency_fixed: { status: 409, title: 'It has been used: its currency stays', data: Id },
  dates_reversed: { status: 422, title: 'It would end before it begins', data: Type.Object({}) },
  limit_too_late: {
    status: 409,
    title: 'It has been used without being counted: end it, and make a new one with the limit',
    data: Id,
  },
  used_more: {
    status: 409,
    title: 'It has been used more than that',
    data: Type.Object({ uses: Type.Integer(), spentMinor: Type.Integer() }),
  },
  reference_unknown: {
    status: 422,
    title: 'There is no such product, category or brand',
    data: Type.Object({ what: Type.String(), value: Type.String() }),
  },
  region_unknown: {
    status: 422,
    title: 'There is no such region',
    data: Type.Object({ regionCode: Type.String() }),
  },
  promotion_used_up: {
    status: 409,
    title: 'A discount was used up in the meantime',
    data: Type.Object({ promotionIds: Type.Array(Type.String()) }),
  },
  rate_has_begun: {
    status: 409,
    title: 'A tax rate holds from a moment that is still to come',
    data: Type.Object({ holdsFrom: Type.String() }),
  },
});
