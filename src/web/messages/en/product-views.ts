/** The parts of a product's page, and what its maker says. */
export const productViews = {
  'sections.label': 'On this page',
  'sections.buy': 'Buy',
  'sections.about': 'About it',
  'sections.compare': 'Side by side',
  'sections.maker': 'The maker',
  'sections.people': 'Looks, boards, posts',
  'sections.reviews': 'Reviews',
  'sections.questions': 'Questions',
  'compare.only_different': 'Only where they differ',
  'maker.title': 'The maker’s own words',
  'maker.all': { one: 'See the piece', other: 'See all {count} pieces' },
} as const;
