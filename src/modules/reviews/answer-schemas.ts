import { Type } from 'typebox';
import { Id } from '#platform/schema.ts';
import type { Answer, Question } from './questions.ts';
import type { Review } from './reviews.ts';
import { INCENTIVES } from './settings.ts';

const Moment = Type.String({ format: 'date-time' });
export const Cursor = Type.Union([Type.String(), Type.Null()], {
  description: 'for the next page; null on the last',
});
const Vote = Type.Union([Type.Boolean(), Type.Null()], { description: 'how the caller voted' });
const Author = Type.Union([Type.Object({ handle: Type.String(), name: Type.String() }), Type.Null()]);
const Maker = Type.Union([Type.String(), Type.Null()], { description: 'the maker that it was said for' });
const Helped = { helpful: Type.Integer(), unhelpful: Type.Integer(), ownVote: Vote };

export const ReviewAnswer = Type.Object({
  id: Id,
  author: Author,
  authorName: Type.String(),
  rating: Type.Integer(),
  title: Type.String(),
  body: Type.String(),
  dimensions: Type.Record(Type.String(), Type.Integer()),
  traits: Type.Record(Type.String(), Type.String()),
  pictures: Type.Array(
    Type.Object({ sha256: Type.String(), alt: Type.String(), files: Type.Array(Type.String()) }),
  ),
  incentive: Type.Union([Type.Enum(INCENTIVES), Type.Null()], {
    description: 'what its author got for writing it, whatever it says',
  }),
  writtenAt: Moment,
  editedAt: Type.Union([Moment, Type.Null()]),
  isVerified: Type.Boolean(),
  ...Helped,
  isOwn: Type.Boolean(),
  replies: Type.Array(
    Type.Object({ id: Id, voice: Type.String(), maker: Maker, body: Type.String(), at: Moment }),
  ),
});

const SaidAnswer = Type.Object({
  id: Id,
  author: Author,
  voice: Type.Enum(['member', 'buyer', 'maker', 'retailer']),
  maker: Maker,
  body: Type.String(),
  at: Moment,
  ...Helped,
  isOwn: Type.Boolean(),
});
export const QuestionAnswer = Type.Object({
  id: Id,
  productId: Id,
  author: Author,
  body: Type.String(),
  askedAt: Moment,
  answerCount: Type.Integer(),
  isFollowed: Type.Boolean(),
  isOwn: Type.Boolean(),
  answers: Type.Array(SaidAnswer),
});

const authorOf = ({ author }: Pick<Review, 'author'>) =>
  author && { handle: author.handle, name: author.name };

export const reviewAnswer = (review: Review) => ({
  ...review,
  author: authorOf(review),
  writtenAt: review.writtenAt.toISOString(),
  editedAt: review.editedAt?.toISOString() ?? null,
  replies: review.replies.map((reply) => ({ ...reply, at: new Date(reply.at).toISOString() })),
});

const saidAnswer = (said: Answer) => ({ ...said, author: authorOf(said), at: said.at.toISOString() });

export const questionAnswer = (question: Question) => ({
  ...question,
  author: authorOf(question),
  askedAt: question.askedAt.toISOString(),
  answers: question.answers.map(saidAnswer),
});
