import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const personsErrors = defineErrors('persons', {
  person_not_found: { status: 404, title: 'Nothing is known of such a person', data: None },
  consent_missing: {
    status: 403,
    title: 'They have not agreed to that',
    data: Type.Object({ purpose: Type.String() }),
  },
  order_not_theirs: { status: 404, title: 'They placed no such order', data: None },
  member_unknown: { status: 404, title: 'There is no such member', data: None },
  evidence_not_found: { status: 404, title: 'There is no such evidence', data: None },
  evidence_differs: { status: 409, title: 'That evidence was given before, and says otherwise', data: None },
  click_unknown: { status: 422, title: 'That is no link of a mail of ours', data: None },
  same_node: { status: 422, title: 'Evidence joins two things', data: None },
});
