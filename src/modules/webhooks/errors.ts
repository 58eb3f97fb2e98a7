import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

export const webhooksErrors = defineErrors('webhooks', {
  endpoint_not_found: { status: 404, title: 'There is no such endpoint', data: Type.Object({}) },
  delivery_not_found: { status: 404, title: 'There is no such delivery', data: Type.Object({}) },
  endpoints_full: {
    status: 409,
    title: 'There are as many endpoints as there can be',
    data: Type.Object({}),
  },
  url_refused: {
    status: 422,
    title: 'Nothing is sent to that address',
    data: Type.Object({
      reason: Type.Enum(['malformed', 'not_https', 'inside', 'unknown_host'], {
        description: 'inside: it leads to this machine or into its network',
      }),
    }),
  },
});
