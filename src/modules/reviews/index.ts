export { type RecordedReview, recordReviews } from './record-reviews.ts';
export { type Rating, ratingOf, ratingsOf, type Review, type ReviewPage, reviewsOf } from './reviews.ts';
