/** Of goods that are still to come, once their day moves or another place has them. */
export const toCome = {
  'desk.stock.purchase.date': 'New expected date',
  'desk.stock.purchase.date.hint':
    'What was promised from this purchase is promised anew, and each buyer gets one mail with the new date and a way to cancel.',
  'desk.stock.purchase.date.new': 'Expected on',
  'desk.stock.purchase.date.reason': 'Reason',
  'desk.stock.purchase.date.button': 'Move the date',
  'desk.stock.purchase.date.is_moved': 'The date has moved, and its buyers are told.',
  'desk.stock.purchase.dates': 'How the date moved',
  'desk.stock.purchase.dates.at': 'When',
  'desk.stock.purchase.dates.before': 'Expected before',
  'desk.stock.purchase.dates.on': 'Expected then',
  'desk.stock.purchase.fault.reason': 'Say why, in 200 characters at most.',
  'desk.stock.purchase.fault.date': 'Choose today or a day to come, within two years.',
  'desk.stock.purchase.fault.closed': 'Nothing more is expected of this purchase.',
  'desk.stock.pages.coming': 'Pages of what is on its way',
  'desk.stock.pages.over': 'Pages of what is over',
  'desk.stock.pages.next': 'Next page',
  'desk.order.did.promise_moved': 'Promised for another day',
  'desk.order.did.promise_sent': 'Mail about the new date sent',
  'card.pre_order': 'Pre-order, from {day}',
  'card.back_order': 'Back-order, from {day}',
  'till.stock.later': {
    one: '{count} can be ordered at this till, to be sent or collected when it has come.',
    other: '{count} can be ordered at this till, to be sent or collected when they have come.',
  },
  'order.moved': 'New date for what is still to come.',
  'order.moved.first': 'When you ordered we said {to}.',
  'order.cancel.rest': 'Cancel what is still to come',
  'order.cancel.rest.text':
    'Something has been sent already. What we still wait for you can cancel, and you get back what it cost.',
  'order.cancel.rest.done': 'What was still to come is cancelled. The money is on its way back to you.',
} as const;
