import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

export const insightErrors = defineErrors('insight', {
  period_unfit: {
    status: 422,
    title: 'The period must end no earlier than it begins, and span at most 20 years',
    data: Type.Object({ from: Type.String(), to: Type.String() }),
  },
});
