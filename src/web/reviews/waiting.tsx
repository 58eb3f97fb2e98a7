import type { Question, Review, SpeaksFor } from '#modules/reviews/index.ts';
import type { ProductName } from '#read/product-names.ts';
import { Stars } from '../components/Stars.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Words } from '../social/words.tsx';
import { AnswerBox } from './answer-box.tsx';

type Of<Words> = Words & { productId: string };

interface Common {
  page: Page;
  names: ReadonlyMap<string, ProductName>;
  voices: readonly SpeaksFor[];
}

/** Questions that nobody has answered, each with its form. */
export function WaitingQuestions({ questions, ...common }: Common & { questions: readonly Of<Question>[] }) {
  return (
    <ul class="waiting-words">
      {questions.map((question) => (
        <li key={question.id}>
          <About {...common} productId={question.productId} at={question.askedAt} />
          <h3>
            <a href={`/questions/${question.id}`}>{question.body}</a>
          </h3>
          <AnswerBox
            page={common.page}
            subjectId={question.id}
            next={common.page.path}
            label={t('words.reply.text')}
            voices={common.voices}
          />
        </li>
      ))}
    </ul>
  );
}

/** Reviews that wait for an answer, each with its form. */
export function WaitingReviews({ reviews, ...common }: Common & { reviews: readonly Of<Review>[] }) {
  const { page } = common;
  return (
    <ul class="waiting-words">
      {reviews.map((review) => (
        <li key={review.id}>
          <About {...common} productId={review.productId} at={review.writtenAt} />
          <p>
            <Stars rating={review.rating} format={page.format} />{' '}
            <span class="soft small">
              {review.authorName || t('words.somebody')}
              {review.isVerified && ` · ${t('reviews.verified')}`}
            </span>
          </p>
          {review.title && <h3>{review.title}</h3>}
          {review.body && <Words text={review.body} />}
          <AnswerBox
            page={page}
            subjectId={review.id}
            next={page.path}
            label={t('words.reply.text')}
            voices={common.voices}
          />
        </li>
      ))}
    </ul>
  );
}

function About({ page, names, productId, at }: Omit<Common, 'voices'> & { productId: string; at: Date }) {
  const product = names.get(productId);
  return (
    <p class="soft small">
      {product ? <a href={`/p/${product.slug}#reviews`}>{product.title}</a> : t('words.product.gone')}
      {', '}
      <time datetime={at.toISOString()}>{page.format.date(at)}</time>
    </p>
  );
}
