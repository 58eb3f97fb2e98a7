import { textsOf } from '#platform/texts.ts';

/** Every text of this module's mails, in English. */
export const text = textsOf({
  'receipt.subject': '{shop}: your order {number}',
  'receipt.thanks': 'Thank you, {name}. Your order {number} is placed.',
  'receipt.arrives': 'It arrives between {from} and {to}.',
  'receipt.arrives_on': 'It arrives on {day}.',
  'receipt.total': 'Total',
  'receipt.goes_to': 'It goes to:',
  'receipt.see': 'See your order: {link}',
  'receipt.see.link': 'See your order',
});
