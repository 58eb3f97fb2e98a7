import { textsOf } from '#platform/texts.ts';

/** Every text of this module's mails, in English. */
export const text = textsOf({
  'receipt.subject': '{shop}: your order {number}',
  'receipt.thanks': 'Thank you, {name}. Your order {number} is placed.',
  'receipt.arrives': 'It arrives between {from} and {to}.',
  'receipt.arrives_on': 'It arrives on {day}.',
  'receipt.total': 'Total',
  'receipt.tax_included': 'Tax in it',
  'receipt.tax_added': 'Tax',
  'receipt.gift': 'On the card:',
  'receipt.goes_to': 'It goes to:',
  'receipt.paid_with.gift_card': 'Paid with a gift card',
  'receipt.paid_with.store_credit': 'Paid with credit',
  'receipt.paid_with.provider': 'Paid by card',
  'receipt.paid_with.external': 'Paid where you bought it',
  'receipt.to_pay_elsewhere': 'To be paid where you bought it',
  'receipt.to_pay': 'Taken from your card when it is sent',
  'cancellation.subject': '{shop}: cancelled of your order {number}',
  'cancellation.lead': 'Hello {name}, this is cancelled of your order {number}:',
  'cancellation.back': 'You get back, or need not pay',
  'receipt.see': 'See your order: {link}',
  'receipt.see.link': 'See your order',
});
