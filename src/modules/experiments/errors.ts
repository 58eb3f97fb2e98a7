import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const experimentsErrors = defineErrors('experiments', {
  experiment_not_found: { status: 404, title: 'There is no such experiment', data: None },
  key_taken: {
    status: 409,
    title: 'Another experiment has this key',
    data: Type.Object({ key: Type.String() }),
  },
  not_a_draft: {
    status: 409,
    title: 'It has begun: what it asks is not changed any more',
    data: Type.Object({ state: Type.String() }),
  },
  step_out_of_order: {
    status: 409,
    title: 'That is not what comes next for it',
    data: Type.Object({ state: Type.String(), isDecided: Type.Boolean() }),
  },
  seam_in_use: {
    status: 409,
    title: 'Another experiment that runs tries the same thing',
    data: Type.Object({ seam: Type.String() }),
  },
  variants_unfit: {
    status: 422,
    title:
      'The first variant is what it is now, the others are of its choices, each once, and their weights add up to 10,000',
    data: None,
  },
  outcome_unfit: {
    status: 422,
    title: 'That is not measured of what is tried',
    data: Type.Object({ outcome: Type.String() }),
  },
  owner_not_staff: { status: 422, title: 'The owner must be of the retailer’s team', data: None },
  variant_unknown: {
    status: 422,
    title: 'It has no such variant',
    data: Type.Object({ chosen: Type.String() }),
  },
});
