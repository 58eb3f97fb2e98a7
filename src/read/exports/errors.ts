import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

export const exportErrors = defineErrors('exports', {
  ledger_unknown: {
    status: 404,
    title: 'There is no such ledger',
    data: Type.Object({ ledger: Type.String() }),
  },
  filter_unfit: {
    status: 422,
    title: 'That ledger can’t be narrowed so',
    data: Type.Object({ filter: Type.Enum(['from', 'to', 'at']) }),
  },
  cursor_unknown: { status: 422, title: 'That is no cursor of this ledger', data: Type.Object({}) },
  too_many_at_once: {
    status: 429,
    title: 'Too many exports run at this moment: ask again when one has ended',
    data: Type.Object({ retryAfterSeconds: Type.Integer() }),
  },
  still_being_written: {
    status: 409,
    title: 'Somebody has been writing to that ledger for long: ask again in a moment',
    data: Type.Object({}),
  },
});
