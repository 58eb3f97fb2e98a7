import type { FeedCard } from '#read/feed.ts';
import { Picture } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Avatar } from '../social/person.tsx';

const SIZES = '(min-width: 82rem) 19rem, (min-width: 44rem) 30vw, 46vw';
const EAGER = 4;

/** Cards in columns, each with why it is here. */
export function FeedCards({ page: about, cards }: { page: Page; cards: readonly FeedCard[] }) {
  const isMember = about.viewer.kind === 'member';
  return (
    <ul class="pins">
      {cards.map((each, place) => (
        <li key={each.pinId ?? each.card?.id} class="pin">
          <article>
            <a href={each.card ? `/p/${each.card.slug}` : `/pins/${each.pinId}`} class="pin-picture">
              <Picture
                picture={each.picture}
                sizes={SIZES}
                {...(each.card && { alt: '' })}
                eager={place < EAGER}
              />
              {each.card && <strong>{each.card.title}</strong>}
            </a>
            {each.card && (
              <p class="pin-price">
                <Price price={each.card.price} format={about.format} beside={about.currency.beside} />
              </p>
            )}
            {each.note && <p class="pin-note">{each.note}</p>}
            <Why card={each} />
            {isMember && <Less page={about} card={each} />}
          </article>
          {isMember && each.pinId && each.card && (
            <a class="pin-save" href={`/save?pin=${each.pinId}`}>
              {t('boards.save')}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Why it is here: what of the viewer's led to it, and who saved it where. */
function Why({ card: { why, by, board } }: { card: FeedCard }) {
  return (
    <div class="feed-why small soft">
      {why.kind === 'like' && (
        <p>
          {t('feed.why.like')} <a href={`/p/${why.slug}`}>{why.title}</a>
        </p>
      )}
      {(why.kind === 'brand' || why.kind === 'topic') && (
        <p>
          {t(`feed.why.${why.kind}`)}{' '}
          <a href={`/${why.kind === 'brand' ? 'b' : 'c'}/${why.slug}`}>{why.name}</a>
        </p>
      )}
      {why.kind === 'board' && <p>{t('feed.why.board')}</p>}
      {why.kind === 'popular' && <p>{t('feed.why.popular')}</p>}
      {by && board && (
        <p class="feed-by">
          <Avatar person={by} size={22} />
          <span>
            <a href={`/@${by.handle}`}>{by.name}</a> {t('feed.why.saved')}{' '}
            <a href={`/boards/${board.id}`}>
              <em>{board.name}</em>
            </a>
          </span>
        </p>
      )}
    </div>
  );
}

/** What may be left out from now on. */
function Less({ page: { path }, card: { card, by, less } }: { page: Page; card: FeedCard }) {
  const { productId, memberId, brandId, topicId } = less;
  const choices = [
    productId && { kind: 'product', targetId: productId, text: t('feed.less.product') },
    memberId && by && { kind: 'member', targetId: memberId, text: t('feed.less.member', { name: by.name }) },
    brandId &&
      card?.brand && {
        kind: 'brand',
        targetId: brandId,
        text: t('feed.less.brand', { name: card.brand.name }),
      },
    topicId && { kind: 'topic', targetId: topicId, text: t('feed.less.topic') },
  ].filter((choice) => choice !== null && choice !== '' && choice !== undefined);
  return (
    <details class="feed-less">
      <summary class="text-button small">{t('feed.less')}</summary>
      {choices.map((choice) => (
        <form key={choice.kind} method="post" action="/feed/less">
          <input type="hidden" name="kind" value={choice.kind} />
          <input type="hidden" name="targetId" value={choice.targetId} />
          <input type="hidden" name="next" value={path} />
          <button type="submit" class="text-button small">
            {choice.text}
          </button>
        </form>
      ))}
    </details>
  );
}
