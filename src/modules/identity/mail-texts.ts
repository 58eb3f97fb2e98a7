import { textsOf } from '#platform/texts.ts';

/** Every text of this module's mails, in English. `{link}` stands in a line of its own, where mail programs see it. */
export const text = textsOf({
  'confirm.subject': 'Confirm your e-mail address',
  'confirm.why':
    'Someone signed up at {shop} with this e-mail address. If it was you, confirm it within a day:',
  'confirm.else': 'If it was not you, do nothing: without this link nobody can use the account.',

  'known.subject': 'You already have an account',
  'known.why':
    'Someone tried to sign up at {shop} with this e-mail address, which has an account already. If it was you, sign in:',
  'known.forgotten': 'If you have forgotten the password, set another one: {link}',

  'reset.subject': 'Set a new password',
  'reset.why':
    'Someone asked for a new password for your account at {shop}. If it was you, set it within an hour:',
  'reset.else': 'All devices are then signed out. If it was not you, do nothing: nothing was changed.',

  'invitation.subject': '{organization} invites you to its team',
  'invitation.why':
    '{organization} invites you to join its team. Sign in or sign up with this e-mail address, and accept:',

  'new_address.subject': 'Confirm your new e-mail address',
  'new_address.why':
    'You asked for your account at {shop} to have this e-mail address. Confirm it within a day, signed in to that account:',
  'new_address.else': 'If it was not you, do nothing: nobody can confirm it without this link.',

  'taken_address.subject': 'This e-mail address has an account already',
  'taken_address.why':
    'Someone asked for their account at {shop} to have this e-mail address, which has an account of its own. If it was you, sign in to that one:',

  'address_asked.subject': 'Your e-mail address is to be changed',
  'address_asked.why':
    'Someone who is signed in to your account at {shop} asked to replace this e-mail address by another. If it was you, confirm from the mail to the new address.',
  'address_asked.else':
    'If it was not you, set a new password. That stops the change and signs everybody out:',

  'address_changed.subject': 'Your e-mail address was changed',
  'address_changed.why':
    'Your account at {shop} has another e-mail address from now on, and this one no longer opens it. All other devices were signed out.',
  'address_changed.else': 'If it was not you, write to us at once.',

  nothing_changed: 'If it was not you, do nothing: nothing was changed.',
});
