import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

export const routingErrors = defineErrors('routing', {
  rules_changed: {
    status: 409,
    title: 'Somebody published other rules in the meantime',
    data: Type.Object({ version: Type.Integer() }),
  },
  period_unfit: {
    status: 422,
    title: 'A period ends after it begins, and is not too long',
    data: Type.Object({ daysMax: Type.Integer() }),
  },
  filter_twice: {
    status: 422,
    title: 'Each filter is given once',
    data: Type.Object({ keep: Type.String() }),
  },
});
