export { REVIEW_SETTERS, SPEAKERS } from './access.ts';
export {
  answer,
  ask,
  deleteSaid,
  followQuestion,
  QUESTION_MAX,
  SPEAKS_FOR,
  type SpeaksFor,
  endAnswers,
  endQuestions,
  changeAnswerStates,
} from './answers.ts';
export {
  type Aspect,
  ASPECT_OPTIONS_MAX,
  ASPECT_WORDS_MAX,
  aspects,
  aspectsOf,
  dropAspect,
  putAspect,
  traitsOf,
} from './aspects.ts';
export { authorFor, orderByReceipt, RECEIPT_DAYS, reviewToken } from './author.ts';
export { reviewContents } from './contents.ts';
export { eraseReviews } from './erase.ts';
export { reviewErrors } from './errors.ts';
export { type BrandVoice, brandVoices, endVoice, letSpeak, type Spoken, spokenFor } from './makers.ts';
export { type Answer, type Question, questionById, questionsOf, unanswered } from './questions.ts';
export { receivedOf } from './received.ts';
export { requestFigures, stopRequests } from './requests.ts';
export { type RecordedReview, recordReviews } from './record-reviews.ts';
export {
  type Author,
  AUTHOR_NAME_MAX,
  changeReview,
  changeReviewStates,
  deleteReview,
  endReviews,
  REVIEW_PHOTOS_MAX,
  type ReviewWords,
  TITLE_MAX,
  writeReview,
} from './review.ts';
export {
  countOf,
  dimensionsOf,
  ratingOf,
  type Rating,
  type Review,
  reviewById,
  type ReviewFilter,
  reviewsOf,
  type Sort,
  SORTS,
} from './reviews.ts';
export {
  ASKS_AFTER_DAYS_MAX,
  changeSettings,
  INCENTIVE_NOTE_MAX,
  INCENTIVES,
  type ReviewSettings,
  settings as reviewSettings,
} from './settings.ts';
export { unreplied, type UnrepliedReview } from './unreplied.ts';
export { castVote, endVotes, helpfulVotes, vote } from './votes.ts';
