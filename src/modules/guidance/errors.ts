import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const guidanceErrors = defineErrors('guidance', {
  finding_not_found: { status: 404, title: 'There is no such finding', data: None },
  rule_not_found: { status: 404, title: 'There is no such rule, or it has ended', data: None },
  rules_full: {
    status: 409,
    title: 'There are as many rules as there can be',
    data: Type.Object({ most: Type.Integer() }),
  },
  owner_not_staff: { status: 422, title: 'The owner must be of the retailer’s team', data: None },
  adjustment_not_found: { status: 404, title: 'There is no such adjustment', data: None },
  adjustment_not_open: {
    status: 409,
    title: 'That was decided before, or is no longer proposed',
    data: Type.Object({ state: Type.String() }),
  },
});
