import { textsOf } from '#platform/texts.ts';

/** Every text of this module's mails and papers, in English. */
export const text = textsOf({
  'shipped.subject': '{shop}: your order {number} is on its way',
  'shipped.lead': '{name}, this has left {place}:',
  'shipped.line': '{quantity} × {title}',
  'shipped.tracking': 'Tracking number: {number}',
  'shipped.arrives': 'It arrives by {day}.',
  'shipped.see': 'See your order: {link}',
  'ready.subject': '{shop}: your order {number} can be collected',
  'ready.lead': '{name}, it lies ready for you at {place}, {street}, {city}.',
  'ready.code': 'Say your order number, {number}, or this code at the counter: {code}',
  'ready.see': 'See your order: {link}',
  'moved.subject': '{shop}: a new date for your order {number}',
  'moved.lead': '{name}, goods of your order {number} come on another day than we told you. The new dates:',
  'moved.line': '{quantity} × {title}: with you between {from} and {to}',
  'moved.line.day': '{quantity} × {title}: with you on {to}',
  'moved.line.collect': '{quantity} × {title}: can be collected from {to}',
  'moved.choice':
    'You need not do anything. If you would rather not wait, you can cancel and get your money back.',
  'moved.cancel': 'Cancel: {link}',
  'moved.see': 'See your order: {link}',
  'slip.title': 'Packing slip',
  'slip.order': 'Order {number}, placed {day}',
  'slip.from': 'From',
  'slip.to': 'To',
  'slip.sku': 'SKU',
  'slip.what': 'What',
  'slip.quantity': 'Units',
  'slip.nobody': 'The address is not kept any more.',
  'label.title': 'Parcel {position} of {count}',
  'label.weight': '{kilograms} kg',
});
