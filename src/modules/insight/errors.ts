import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const REASONS = [
  'two_time_dimensions',
  'dimension_twice',
  'rolling_needs_days',
  'top_metric_not_asked',
  'top_needs_a_dimension',
  'dated_is_of_sales',
  'rolling_is_of_flows',
  'drill_is_of_documents',
  'drill_is_of_persons',
  'against_is_of_whole_rows',
  'window_unfit',
] as const;

export const insightErrors = defineErrors('insight', {
  period_unfit: {
    status: 422,
    title: 'The period must end no earlier than it begins, and span at most 20 years',
    data: Type.Object({ from: Type.String(), to: Type.String() }),
  },
  dimension_unfit: {
    status: 422,
    title:
      'The metric can’t be split or narrowed by this: its rows would count something twice, or it has none of it',
    data: Type.Object({ metric: Type.String(), dimension: Type.String() }),
  },
  question_unfit: {
    status: 422,
    title: 'The parts of the question don’t go together',
    data: Type.Object({ reason: Type.Enum(REASONS) }),
  },
  customer_not_found: {
    status: 404,
    title: 'There is no such customer with an account',
    data: Type.Object({}),
  },
  consent_missing: {
    status: 403,
    title: 'They have not agreed to that',
    data: Type.Object({ purpose: Type.String() }),
  },
  answer_too_large: {
    status: 422,
    title: 'The answer would have too many rows: ask for a shorter period, fewer dimensions or a top',
    data: Type.Object({ most: Type.Integer() }),
  },
  view_unfit: {
    status: 422,
    title: 'A view has a name of at most 80 characters, and the address of a page of the desk',
    data: Type.Object({ field: Type.Enum(['name', 'address']) }),
  },
  view_differs: {
    status: 409,
    title: 'A different view has this id already',
    data: Type.Object({ viewId: Type.String() }),
  },
  view_name_taken: {
    status: 409,
    title: 'You have a view of this name already',
    data: Type.Object({ name: Type.String() }),
  },
  views_full: {
    status: 422,
    title: 'You have as many views as there may be: delete one first',
    data: Type.Object({ most: Type.Integer() }),
  },
});
