export const collecting = {
  'collecting.title': 'May we see how you use the shop?',
  'collecting.text':
    'Which pages you open, what you look for and what you choose, under a random number that is kept here. It shows us what to mend. Nothing is kept or sent unless you say yes.',
  'collecting.yes': 'Yes, you may',
  'collecting.no': 'No, thank you',
  'collecting.more': 'What it is for, and your other choices',
  'collecting.saved.yes': 'Thank you. You can take it back under Privacy at any time.',
  'collecting.saved.no': 'Nothing is collected in this browser.',
};
