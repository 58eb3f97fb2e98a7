/** Keys begin with `till`. */
export const till = {
  till: 'Till',
  'till.parts': 'Parts of the till',
  'till.sell': 'Sell',
  'till.pick': 'Pick list',
  'till.hand_over': 'Hand over',
  'till.take_back': 'Take back',
  'till.stock': 'Stock',
  'till.drawer': 'Drawer',
  'till.to_shop': 'To the shop',
  'till.register': 'Register',
  'till.register.at': '{register}, {store}',
  'till.register.change': 'Change register',
  'till.register.choose': 'Choose the register',
  'till.register.choose.lead':
    'What you sell leaves the shelves of its store. This browser remembers your choice.',
  'till.register.choose.button': 'Open this register',
  'till.register.none': 'No register is in use',
  'till.register.none.text': 'An admin adds registers to the stores before anything can be sold in them.',
  'till.register.gone': 'That register is not in use. Choose another.',
  'till.home': 'At the till',
} as const;
