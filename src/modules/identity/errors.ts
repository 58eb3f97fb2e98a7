import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const identityErrors = defineErrors('identity', {
  // One answer for a wrong password, an unknown address and one that waits for its confirmation.
  sign_in_refused: {
    status: 401,
    title: 'That e-mail and password do not open an account',
    data: None,
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many attempts: wait a little',
    data: Type.Object({ retryAfterSeconds: Type.Integer() }),
  },
  email_invalid: { status: 422, title: 'That is not an e-mail address', data: None },
  email_unchanged: { status: 422, title: 'That is the address of the account already', data: None },
  password_length: {
    status: 422,
    title: 'The password is too short or too long',
    data: Type.Object({ min: Type.Integer(), max: Type.Integer() }),
  },
  member_code_unknown: { status: 404, title: 'No member has that code', data: None },
  password_wrong: { status: 422, title: 'That is not the password', data: None },
  link_spent: { status: 422, title: 'That link was used or is too old: ask for another', data: None },
  passkey_refused: { status: 422, title: 'That passkey was not accepted', data: None },
  session_stale: { status: 403, title: 'Sign in again first', data: None },
  network_unknown: { status: 404, title: 'That network is not connected', data: None },
  session_unknown: { status: 404, title: 'There is no such session', data: None },
  passkey_unknown: { status: 404, title: 'There is no such passkey', data: None },
  organization_unknown: { status: 404, title: 'There is no such organization', data: None },
  organization_differs: {
    status: 409,
    title: 'That organization exists with other facts',
    data: Type.Object({ organizationId: Type.String() }),
  },
  not_in_team: { status: 404, title: 'That member is not in the team', data: None },
  last_admin: { status: 409, title: 'A team keeps at least one admin', data: None },
  invitation_unknown: {
    status: 404,
    title: 'There is no open invitation for your e-mail address here',
    data: None,
  },
  api_key_unknown: { status: 404, title: 'There is no such key', data: None },
  scope_unknown: {
    status: 422,
    title: 'There is no such scope',
    data: Type.Object({ scope: Type.String() }),
  },
  purpose_unknown: {
    status: 422,
    title: 'There is no such purpose',
    data: Type.Object({ purpose: Type.String() }),
  },
});
