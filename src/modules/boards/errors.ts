import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const boardErrors = defineErrors('boards', {
  board_not_yours: { status: 403, title: 'Only who makes this board may do that', data: None },
  name_missing: { status: 422, title: 'A board and a section have a name', data: None },
  thing_not_found: { status: 404, title: 'What was to be pinned is not there', data: None },
  section_not_found: { status: 404, title: 'There is no such section on this board', data: None },
  pin_not_found: { status: 404, title: 'There is no such pin on this board', data: None },
  address_refused: { status: 422, title: 'That is no web address', data: None },
  // Somebody else changed the same words since they were read: theirs are not written over.
  changed_meanwhile: { status: 409, title: 'Somebody changed that meanwhile', data: None },
  suggestions_closed: { status: 403, title: 'This board takes no suggestions from you', data: None },
  suggestion_answered: {
    status: 409,
    title: 'That suggestion was answered already',
    data: Type.Object({ answer: Type.String() }),
  },
  sections_too_many: {
    status: 409,
    title: 'That is as many sections as a board has',
    data: Type.Object({ max: Type.Integer() }),
  },
  pins_too_many: {
    status: 409,
    title: 'That is as many pins as a board has',
    data: Type.Object({ max: Type.Integer() }),
  },
});
