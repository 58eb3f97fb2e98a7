import type { Aspect, Review, SpeaksFor } from '#modules/reviews/index.ts';
import { Picture } from '../components/Picture.tsx';
import { Stars } from '../components/Stars.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { LegalLink } from '../safety/legal-link.tsx';
import { ReportLink } from '../safety/report-link.tsx';
import { Words } from '../social/words.tsx';
import { AnswerBox } from './answer-box.tsx';

interface Props {
  page: Page;
  reviews: readonly Review[];
  aspects: readonly Aspect[];
  /** For whom the viewer may answer them. */
  offices: readonly SpeaksFor[];
}

/** The votes on all of them go by one form: its button says which, and how. */
export function ReviewList({ page, reviews, aspects, offices }: Props) {
  return (
    <>
      {page.viewer.kind === 'member' && <VoteForm page={page} />}
      <LegalLink page={page} kind="reviews" />
      <ul class="reviews">
        {reviews.map((review) => (
          <li key={review.id} id={`review-${review.id}`}>
            <OneReview page={page} review={review} aspects={aspects} offices={offices} />
          </li>
        ))}
      </ul>
    </>
  );
}

const VoteForm = ({ page: { path } }: { page: Page }) => (
  <form method="post" action="/words/vote" id="vote">
    <input type="hidden" name="next" value={path} />
  </form>
);

export function OneReview({ page, review, aspects, offices }: Omit<Props, 'reviews'> & { review: Review }) {
  const { format } = page;
  const { author, authorName, rating, title, body, traits, dimensions, pictures, incentive } = review;
  const said = Object.values(traits).join(', ');
  const marks = aspects.flatMap(({ kind, code, name }) => {
    const mean = dimensions[code];
    return kind === 'dimension' && mean !== undefined
      ? [t('words.dimension', { name, mean: String(mean) })]
      : [];
  });
  return (
    <article class="review">
      <Stars rating={rating} format={format} />
      {title && <h3>{title}</h3>}
      {body && <Words text={body} />}
      {pictures.length > 0 && <ReviewPictures reviewId={review.id} pictures={pictures} />}
      {marks.length > 0 && <p class="small">{marks.join(' · ')}</p>}
      <p class="soft small">
        {author ? <a href={`/@${author.handle}`}>{author.name}</a> : authorName || t('words.somebody')}
        {said && ` (${said})`}
        {', '}
        <time datetime={review.writtenAt.toISOString()}>{format.date(review.writtenAt)}</time>
        {review.editedAt && `, ${t('words.edited')}`}
        {review.isVerified && ` · ${t('reviews.verified')}`}
      </p>
      {incentive && <p class="review-incentive small">{t(`words.incentive.${incentive}`)}</p>}
      <Helped page={page} words={review} />
      {!review.isOwn && <ReportLink page={page} kind="review" id={review.id} />}
      {review.replies.map((reply) => (
        <div key={reply.id} class="review-reply">
          <strong>
            {reply.voice === 'maker'
              ? t('words.voice.maker', { maker: reply.maker ?? '' })
              : t('words.voice.retailer', { shop: page.shop })}
          </strong>
          <Words text={reply.body} />
        </div>
      ))}
      {review.isOwn && (
        <p>
          <a class="text-button" href={`/reviews/${review.id}/change`}>
            {t('words.change')}
          </a>
        </p>
      )}
      {!review.isOwn && offices.length > 0 && (
        <ReplyForm page={page} subjectId={review.id} voices={offices} />
      )}
    </article>
  );
}

/** Small beside the words; pressed, each is shown large by the browser itself, without script. */
function ReviewPictures({ reviewId, pictures }: { reviewId: string; pictures: Review['pictures'] }) {
  return (
    <div class="said-pictures">
      {pictures.map((picture, n) => {
        const id = `photo-${reviewId}-${n + 1}`;
        const label = t('words.photo.show', { number: n + 1 });
        return (
          <div key={picture.sha256}>
            <button type="button" class="photo-open" popovertarget={id} aria-label={label}>
              <Picture picture={picture} sizes="9rem" />
            </button>
            <div popover="auto" id={id} class="photo-large" role="dialog" aria-label={label}>
              <Picture picture={picture} sizes="min(92vw, 60rem)" large />
              <button
                type="button"
                class="button plain"
                popovertarget={id}
                popovertargetaction="hide"
                autofocus
              >
                {t('words.photo.close')}
              </button>
            </div>
          </div>
        );
      })}
    </div>
  );
}

interface HelpedProps {
  page: Page;
  words: Pick<Review, 'id' | 'helpful' | 'unhelpful' | 'ownVote' | 'isOwn'>;
}

/** How many it helped; and for a member, who did not write it, the question. Pressed again a vote is taken back. */
export function Helped({ page: { viewer, format }, words }: HelpedProps) {
  const { id, helpful, unhelpful, ownVote, isOwn } = words;
  const count = helpful + unhelpful;
  const mayVote = viewer.kind === 'member' && !isOwn;
  if (count === 0 && !mayVote) return null;
  return (
    <p class="helped small">
      {count > 0 && <span class="soft">{t('words.helped', { yes: format.number(helpful), count })}</span>}
      {mayVote && (
        <span role="group" aria-label={t('words.vote')}>
          <span aria-hidden="true">{t('words.vote')}</span>
          {([true, false] as const).map((side) => (
            <button
              key={String(side)}
              form="vote"
              name="vote"
              value={`${id} ${ownVote === side ? 'none' : side ? 'yes' : 'no'}`}
              class="text-button"
              aria-pressed={ownVote === side ? 'true' : 'false'}
            >
              {side ? t('words.vote.yes') : t('words.vote.no')}
            </button>
          ))}
        </span>
      )}
    </p>
  );
}

/** For who speaks for the shop or the maker. */
const ReplyForm = (props: Omit<Parameters<typeof AnswerBox>[0], 'label' | 'next'>) => (
  <details class="answer-form">
    <summary class="text-button">{t('words.reply')}</summary>
    <AnswerBox {...props} next={props.page.path} label={t('words.reply.text')} />
  </details>
);
