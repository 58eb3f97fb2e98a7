import type { FeedCard } from '#read/feed-cards.ts';
import { Picture } from '../components/Picture.tsx';
import { ProductFace } from '../components/ProductFace.tsx';
import { Stars } from '../components/Stars.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { captionStart } from '../posts/post-cards.tsx';
import { Avatar } from '../social/person.tsx';

const SIZES = '(min-width: 82rem) 19rem, (min-width: 44rem) 30vw, 46vw';
const EAGER = 4;

/** Cards in columns, each with why it is here. */
export function FeedCards({ page: about, cards }: { page: Page; cards: readonly FeedCard[] }) {
  const isMember = about.viewer.kind === 'member';
  return (
    <ul class="pins">
      {cards.map((each, place) => (
        <li key={each.pieceId ?? each.card?.id} class="pin">
          <article>
            {each.card ? (
              <ProductFace
                card={each.card}
                format={about.format}
                beside={about.currency.beside}
                eager={place < EAGER}
              />
            ) : (
              <PieceFace card={each} eager={place < EAGER} />
            )}
            {each.stars !== null && <Stars rating={each.stars} format={about.format} />}
            {each.card && each.title && <p class="feed-title">{each.title}</p>}
            {each.card && each.note && <p class="pin-note">{captionStart(each.note)}</p>}
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

/** Where its page is, of what shows no product. */
const pathOf = ({ kind, pieceId }: FeedCard): string => {
  if (kind === 'look') return `/looks/${pieceId}`;
  return kind === 'post' ? `/posts/${pieceId}` : `/pins/${pieceId}`;
};

/** A look, a post or a photo, by its picture. */
function PieceFace({ card, eager }: { card: FeedCard; eager: boolean }) {
  const { kind, title, note, picture } = card;
  const words = title || captionStart(note);
  return (
    <a href={pathOf(card)} class="pin-picture">
      <Picture picture={picture} sizes={SIZES} {...(words && { alt: '' })} eager={eager} />
      <strong>{words || (kind === 'look' ? t('looks.untitled') : '')}</strong>
    </a>
  );
}

/** Why it is here: what of the viewer's led to it, and who made it, or saved it where. */
function Why({ card }: { card: FeedCard }) {
  const { why } = card;
  return (
    <div class="feed-why small soft">
      {(why.kind === 'like' || why.kind === 'viewed') && (
        <p>
          {t(`feed.why.${why.kind}`)} <a href={`/p/${why.slug}`}>{why.title}</a>
        </p>
      )}
      {(why.kind === 'brand' || why.kind === 'topic') && (
        <p>
          {t(`feed.why.${why.kind}`)}{' '}
          <a href={`/${why.kind === 'brand' ? 'b' : 'c'}/${why.slug}`}>{why.name}</a>
        </p>
      )}
      {(why.kind === 'board' || why.kind === 'popular') && <p>{t(`feed.why.${why.kind}`)}</p>}
      <Who card={card} />
    </div>
  );
}

function Who({ card: { kind, by, board } }: { card: FeedCard }) {
  if (!by || kind === 'product') return null;
  const did = kind === 'pin' ? t('feed.why.saved') : t(`feed.why.made.${kind}`);
  return (
    <p class="feed-by">
      <Avatar person={by} size={22} />
      <span>
        <a href={`/@${by.handle}`}>{by.name}</a> {did}
        {board && (
          <>
            {' '}
            <a href={`/boards/${board.id}`}>
              <em>{board.name}</em>
            </a>
          </>
        )}
        {kind === 'suggestion' && board && (
          <>
            {' · '}
            <a href={`/boards/${board.id}/suggestions`}>{t('feed.answer')}</a>
          </>
        )}
      </span>
    </p>
  );
}

/** What may be left out from now on. */
function Less({ page: { path }, card: { card, by, less } }: { page: Page; card: FeedCard }) {
  const { pieceId, productId, memberId, brandId, topicId } = less;
  const choices = [
    pieceId && { kind: 'piece', targetId: pieceId, text: t('feed.less.piece') },
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
