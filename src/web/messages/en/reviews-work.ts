/** What is said of products, for those who answer it: at the maker's, and on the desk. */
export const reviewsWork = {
  'words.product.gone': 'A product that is not shown any more',
  'maker.title': 'What people ask and say',
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
