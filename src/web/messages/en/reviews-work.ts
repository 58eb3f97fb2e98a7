/** What is said of products, for those who answer it: at the maker's, and on the desk. */
export const reviewsWork = {
  'words.product.gone': 'A product that is not shown any more',
  'receipt.title': 'Say how it is',
  'receipt.lead':
    'With the code on your receipt you review what you bought in a store, without an account, for {days} days.',
  'receipt.code': 'The code on your receipt',
  'receipt.code.hint': 'It stands beside the square code, like ST-2026-000123-7KQ4-M2XA.',
  'receipt.go': 'Go on',
  'receipt.unknown': 'No receipt has that code, or it is too old to be reviewed with.',
  'receipt.bought': 'What you bought with receipt {number}:',
  'receipt.nothing_yet': 'Nothing of receipt {number} is with you yet. The code works when it is.',
  'receipt.reviewed': 'Reviewed, thank you',
  'latest.none': 'Nobody has said anything of it yet.',
  'said.latest': 'What people say',
  'said.all': { one: 'The one review', other: 'All {count} reviews' },
  'embed.see': 'See it at {shop}',
  'maker.work': 'What people ask and say',
  'maker.lead': 'You answer as who makes it, for',
  'maker.link': 'Answer as a maker',
  'maker.questions': 'Questions that nobody has answered',
  'maker.questions.none': 'No question waits',
  'maker.questions.none.text':
    'When somebody asks about what you make, it stands here, the longest waiting first.',
  'maker.reviews': 'Reviews that you have not answered',
  'maker.reviews.none': 'No review waits',
  'maker.reviews.none.text': 'When somebody reviews what you make, it stands here, the latest first.',
  'maker.more': 'More',
} as const;
