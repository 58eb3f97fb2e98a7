export { eraseAuthor } from './erase.ts';
export { type RecordedReview, recordReviews } from './record-reviews.ts';
export { type Rating, type Review, type ReviewPage } from './reviews.ts';
