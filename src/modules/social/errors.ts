import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const socialErrors = defineErrors('social', {
  // One answer for what never was, what is gone and what is not theirs to see.
  piece_not_found: { status: 404, title: 'There is nothing here, or not for you', data: None },
  piece_differs: {
    status: 409,
    title: 'Something else has that id',
    data: Type.Object({ pieceId: Type.String() }),
  },
  not_yours: { status: 403, title: 'Only who made it may do that', data: None },
  person_not_found: { status: 404, title: 'There is nobody of that name', data: None },
  handle_taken: { status: 409, title: 'Somebody has that name already', data: None },
  handle_invalid: {
    status: 422,
    title: 'A name has 3 to 30 letters, digits and underscores, and is none of our own',
    data: None,
  },
  words_missing: { status: 422, title: 'Say something', data: None },
  words_too_long: {
    status: 422,
    title: 'That is too long',
    data: Type.Object({ lengthMax: Type.Integer() }),
  },
  photo_not_found: { status: 404, title: 'There is no such photo of yours', data: None },
  not_oneself: { status: 422, title: 'Not oneself', data: None },
  follows_too_many: {
    status: 409,
    title: 'That is as many as one can follow',
    data: Type.Object({ max: Type.Integer() }),
  },
  collaborators_too_many: {
    status: 409,
    title: 'That is as many as make a piece together',
    data: Type.Object({ max: Type.Integer() }),
  },
  target_not_found: { status: 404, title: 'There is nothing of that kind to follow', data: None },
  suspended: {
    status: 403,
    title: 'A moderator has paused what you can do here',
    data: Type.Object({ until: Type.String({ format: 'date-time' }) }),
  },
  agreement_missing: {
    status: 403,
    title: 'Agree to the rules of the house first',
    data: Type.Object({ missing: Type.Array(Type.String()) }),
  },
  rules_changed: { status: 409, title: 'The rules are others by now: read them again', data: None },
  not_trusted_yet: {
    status: 403,
    title: 'That opens once you have been here a little longer',
    data: Type.Object({ ability: Type.String(), levelNeeded: Type.Integer() }),
  },
});
