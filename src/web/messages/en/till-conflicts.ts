/** What the till says of stock conflicts. Keys begin with `till.conflicts`. */
export const tillConflicts = {
  'till.conflicts': 'Conflicts',
  'till.conflicts.lead':
    'Sold here while the connection was lost, though the books had not so many left to sell. Look at the shelf; if somebody waits for the goods, tell them. Whoever has done that settles it, with a word on what was done.',
  'till.conflicts.none': 'Nothing to settle.',
  'till.conflicts.open': { one: '{count} conflict to settle', other: '{count} conflicts to settle' },
  'till.conflicts.what': '{wanted} sold, {available} left to sell by the books',
  'till.conflicts.sale': 'Order {number}, {register}, {when}',
  'till.conflicts.stock': 'Stock of {sku}',
  'till.conflicts.note': 'What was done',
  'till.conflicts.note.hint': 'Such as: counted, three on the shelf.',
  'till.conflicts.settle': 'Settle',
  'till.conflicts.settle_of': 'Settle {title}',
  'till.conflicts.done': 'Settled.',
  'till.conflicts.error.note': 'Say in a few words what was done.',
  'till.conflicts.more': 'Later ones',
  'till.conflicts.settled': 'Settled lately',
  'till.conflicts.at': 'When',
  'till.conflicts.thing': 'What',
  'till.conflicts.missing': 'Missing',
  'till.conflicts.by': 'By',
  'till.conflicts.nobody': 'Somebody who left',
  'till.conflicts.kept': 'Sales that this browser keeps',
  'till.conflicts.kept.text':
    'A sale that could not be posted yet, or that the server would not take, stays in the browser of its till. It is told on the selling page until somebody has read it.',
  'till.conflicts.kept.link': 'To the selling page',
} as const;
