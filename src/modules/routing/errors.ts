import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

export const routingErrors = defineErrors('routing', {
  rules_changed: {
    status: 409,
    title: 'Somebody published other rules in the meantime',
    data: Type.Object({ version: Type.Integer() }),
  },
  filter_twice: {
    status: 422,
    title: 'Each filter is given once',
    data: Type.Object({ keep: Type.String() }),
  },
});
