import { textsOf } from '#platform/texts.ts';

/** Every text of this module's mails, in English. */
export const text = textsOf({
  'request.subject': '{shop}: how is what you bought?',
  'request.lead': 'Hello, what you ordered with number {number} has been with you for a while. How is it?',
  'request.each': '{title}: {link}',
  'request.incentive': 'You get something for it, whatever you say: it says so beside your review.',
  'request.incentive.note':
    'You get something for it, whatever you say: {what}. It says so beside your review.',
  'request.open': 'The links open the form; you need not sign in. Good and poor words are shown alike.',
  'request.stop': 'No more of these mails: {link}',
});
