import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const satisfactionErrors = defineErrors('satisfaction', {
  question_not_found: { status: 404, title: 'There is no such question', data: None },
  question_differs: { status: 409, title: 'That id stands for another occasion', data: None },
  order_unknown: { status: 422, title: 'There is no such order', data: None },
  contact_unknown: { status: 404, title: 'There is no such contact', data: None },
  contact_differs: { status: 409, title: 'That id stands for another contact', data: None },
  contact_to_come: { status: 422, title: 'That has not happened yet', data: None },
  letter_unknown: { status: 404, title: 'There is no such letter', data: None },
  reply_differs: { status: 409, title: 'That id stands for another answer to a letter', data: None },
  words_missing: { status: 422, title: 'Nothing was written', data: None },
  address_missing: { status: 422, title: 'Say to which address the answer goes', data: None },
  link_unknown: { status: 404, title: 'Nobody was given that link', data: None },
  score_off_scale: {
    status: 422,
    title: 'The question’s scale has no such score',
    data: Type.Object({ lowest: Type.Integer(), highest: Type.Integer() }),
  },
  answer_differs: { status: 409, title: 'That id stands for another answer', data: None },
  question_over: { status: 409, title: 'It is too late to answer', data: None },
  answer_final: { status: 409, title: 'It is too late to change the answer', data: None },
});
