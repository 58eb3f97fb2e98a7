import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const guidanceErrors = defineErrors('guidance', {
  finding_not_found: { status: 404, title: 'There is no such finding', data: None },
  adjustment_not_found: { status: 404, title: 'There is no such adjustment', data: None },
  adjustment_not_open: {
    status: 409,
    title: 'That was decided before, or is no longer proposed',
    data: Type.Object({ state: Type.String() }),
  },
});
