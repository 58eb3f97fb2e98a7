import { textsOf } from '#platform/texts.ts';

/** Every text of this module's mails, in English. */
export const text = textsOf({
  'mail.subject': '{shop}: one question',
  'mail.purchase': 'Hello, you bought something with number {number}. One question, and one click:',
  'mail.delivery': 'Hello, what you ordered with number {number} was delivered. One question, and one click:',
  'mail.pick_up': 'Hello, you collected what you ordered with number {number}. One question, and one click:',
  'mail.return': 'Hello, what you sent back of number {number} has come. One question, and one click:',
  'mail.case': 'Hello, you wrote to us about number {number}. One question, and one click:',
  'mail.case.alone': 'Hello, you wrote to us. One question, and one click:',
  'mail.csat': 'How content are you with how it went?',
  'mail.nps': 'How likely are you to recommend {shop} to a friend?',
  'mail.csat.5': '5, very content: {link}',
  'mail.csat.4': '4, content: {link}',
  'mail.csat.3': '3, neither: {link}',
  'mail.csat.2': '2, not content: {link}',
  'mail.csat.1': '1, not content at all: {link}',
  'mail.nps.each': '{score}: {link}',
  'mail.nps.ends': '10 is “very likely”, 0 is “not at all”.',
  'reply.subject': '{shop}: our answer',
  'reply.about': '{shop}: our answer about {number}',
  'reply.asked': 'You wrote to us:',
  'reply.again': 'Do you want to say more? Write to us here: {link}',
  'mail.open':
    'The link opens a page with your choice on it; it counts when you send it. You need not sign in.',
  'mail.stop': 'No more of these mails: {link}',
});
