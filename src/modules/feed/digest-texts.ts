import { textsOf } from '#platform/texts.ts';

/** What the daily mail says: how much of what, no names and no words, which are read where they stand. */
export const digestText = textsOf({
  subject: 'What is new for you at {shop}',
  intro: 'Since you last looked at {shop}:',
  off: 'You get this once a day, when there is something new. To stop these e-mails, open:',
  followed: { one: '{count} person follows you now', other: '{count} people follow you now' },
  commented: { one: '{count} new comment on what you made', other: '{count} new comments on what you made' },
  replied: { one: '{count} answer to a comment of yours', other: '{count} answers to comments of yours' },
  mentioned: { one: 'You were named {count} time', other: 'You were named {count} times' },
  reacted: { one: '{count} reaction', other: '{count} reactions' },
  invited: { one: '{count} invitation to a board', other: '{count} invitations to boards' },
  saved: { one: '{count} thing of yours was saved', other: '{count} things of yours were saved' },
  suggested: { one: '{count} suggestion for you', other: '{count} suggestions for you' },
  suggestion_accepted: {
    one: '{count} suggestion of yours was taken',
    other: '{count} suggestions of yours were taken',
  },
  suggestion_declined: {
    one: '{count} suggestion of yours was not taken',
    other: '{count} suggestions of yours were not taken',
  },
  suggestion_thanked: {
    one: '{count} thank-you for a suggestion',
    other: '{count} thank-yous for suggestions',
  },
  remixed: { one: '{count} look was made from yours', other: '{count} looks were made from yours' },
  asked: { one: '{count} question', other: '{count} questions' },
  brand_asked: {
    one: '{count} question about products of your brands',
    other: '{count} questions about products of your brands',
  },
  answered: { one: '{count} answer to a question of yours', other: '{count} answers to questions of yours' },
  review_asked: { one: '{count} product to review', other: '{count} products to review' },
  review_replied: {
    one: '{count} answer to a review of yours',
    other: '{count} answers to reviews of yours',
  },
  archive_ready: { one: '{count} archive is ready', other: '{count} archives are ready' },
  archive_taken: { one: '{count} archive was taken in', other: '{count} archives were taken in' },
  price_dropped: { one: '{count} thing you saved costs less', other: '{count} things you saved cost less' },
  back_in_stock: { one: '{count} thing you saved is back', other: '{count} things you saved are back' },
  moderated: { one: '{count} decision of a moderator', other: '{count} decisions of moderators' },
});
