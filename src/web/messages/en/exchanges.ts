/** Keys begin with `exchange` or `desk.exchange`, but for what an order's page says of its payments. */
export const exchanges = {
  'order.payment.exchange': 'What you gave back',
  'order.payment.external': 'Paid elsewhere',
  'order.payment.credited': '{amount} given back as credit',
  'order.payment.exchanged': '{amount} pays for other goods',
  'exchange.order': 'In exchange: order {number}.',
  'exchange.kept': 'It is sent when what you give back has come.',
  'desk.exchange': 'In exchange',
  'desk.exchange.kept': 'Kept until the goods have come: its stock is allocated and nobody sends it yet.',
  'desk.exchange.sent': 'Let go to be sent.',
  'desk.exchange.cancelled': 'It was cancelled: what comes back is paid in money.',
  'desk.exchange.owed': 'Still owed for it: {amount}. It is paid when the goods have come and are kept.',
  'desk.exchange.reference': 'What the buyer’s payment is called',
  'desk.exchange.reference.hint':
    'A receipt’s number, so that it can be found again. Then the order is sent.',
  'desk.exchange.charge': 'Note the payment',
  'desk.exchange.end': 'Cancel the new order',
  'desk.exchange.fault': 'Nothing was changed: nothing is owed any more, or it has been sent.',
  'desk.exchange.settle': 'If it is approved',
  'desk.exchange.money': 'The money goes back',
  'desk.exchange.resend': 'The same is sent again',
} as const;
