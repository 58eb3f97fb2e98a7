import { textsOf } from '#platform/texts.ts';

/** What the folder's own page says, and the mails about folders. */
export const readMeText = textsOf({
  title: 'What {name} made at {shop}',
  made: 'As it was on {day}.',
  about:
    'This folder is yours. The files that end in .json are Activity Streams 2.0, which other services read; those that end in .csv open in any spreadsheet; your pictures are in “pictures”. Another Stoa takes the whole folder in.',
  boards: 'Boards',
  pinned: 'What is on them',
  pins: { one: '{count} pin', other: '{count} pins' },
  elsewhere: 'On a board of somebody else',
  looks: 'Looks',
  untitled: 'Without a title',
  posts: 'Posts',
  reviews: 'Reviews',
  stars: '{rating} of 5 stars',
  tables: 'Tables of all that is known',
});

export const mailText = textsOf({
  'made.subject': 'Your archive from {shop} is ready',
  'made.text': 'All that you made at {shop}, and what is known of you there, can be fetched until {day}:',
  'made.after': 'You are asked to sign in, so that nobody else fetches it.',
  'taken.subject': 'Your archive is in {shop}',
  'taken.text':
    'What was in the archive that you brought is in your account now. See what came, and what could not:',
  'refused.text': 'The archive that you brought could not be read. See why:',
});
