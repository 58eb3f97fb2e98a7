import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const safetyErrors = defineErrors('safety', {
  own_thing: { status: 403, title: 'One does not judge what is one’s own', data: None },
  concern_not_found: { status: 404, title: 'Nothing of that number waits or waited', data: None },
  reason_not_for_kind: {
    status: 422,
    title: 'That reason is for other kinds of things',
    data: Type.Object({ reason: Type.String(), kind: Type.String() }),
  },
  moved_meanwhile: {
    status: 409,
    title: 'Somebody else has acted on it since you looked',
    data: Type.Object({ version: Type.Integer() }),
  },
  act_differs: { status: 409, title: 'Something else was done under that id', data: None },
  act_not_open: { status: 409, title: 'That can’t be done with it as it stands', data: None },
  // Whoever removed something does not judge the appeal.
  not_your_appeal: {
    status: 403,
    title: 'An appeal is decided by somebody else than who removed it',
    data: None,
  },
  until_invalid: { status: 422, title: 'Choose a day from tomorrow on, within a year', data: None },
  note_missing: { status: 422, title: 'Say to the member what this is about', data: None },
  legal_text_not_found: { status: 404, title: 'The shop says nothing about that', data: None },
  host_invalid: { status: 422, title: 'That is no name of a site', data: None },
  not_appealable: {
    status: 409,
    title: 'There is nothing here to appeal against, or it was done',
    data: None,
  },
});
